import FileTree
import TUF

/// Makes the metadata of an update that comes without, in the fio profile, out of what its content says, signed with
/// the channel's keys.
public struct MetadataGeneration: Sendable {
    let attributes: ImageAttributes
    /// Gives the channel's repository; throws when the channel has no keys here.
    let repository: @Sendable (Channel) throws(TUFError) -> ChannelRepository

    public init(
        attributes: ImageAttributes = ImageAttributes(), repository: @escaping @Sendable (Channel) throws(TUFError) -> ChannelRepository
    ) {
        self.attributes = attributes
        self.repository = repository
    }

    /// Writes `tuf/` into a staged update.
    func run(_ directory: Directory, key: UpdateKey, now: MetadataTime) throws(UpdateTreeError) {
        let image = try describe(directory, key: key)
        let signed: SignedUpdate
        do {
            signed = try repository(key.channel).signUpdate(
                images: [image], tag: key.tag.text, channel: key.channel.rawValue, bundle: true, now: now)
        } catch {
            throw UpdateTreeError(.descriptionMissing, "there is no tuf/, and none can be made: \(error.message)")
        }
        try storage { () throws(FileTreeError) in
            let tuf = try directory.makeDirectory("tuf")
            for (name, bytes) in signed.files { try tuf.replace(name, with: bytes, synced: false) }
        }
    }

    /// What the content says, overridden by what the operator says.
    func describe(_ directory: Directory, key: UpdateKey) throws(UpdateTreeError) -> ImageDescription {
        let facts = try ContentFacts(directory, ref: attributes.ref)
        guard
            let version = attributes.version ?? facts.osRelease["IMAGE_VERSION"] ?? facts.osRelease["VERSION_ID"]
                ?? facts.commit.annotations["version"]
        else {
            throw UpdateTreeError(
                .descriptionMissing, "usr/lib/os-release names no IMAGE_VERSION or VERSION_ID; say it with --image-version")
        }
        guard let hardwareID = attributes.hardwareID ?? facts.osRelease["LMP_MACHINE"] ?? Self.machine(ofRef: facts.ref) else {
            throw UpdateTreeError(
                .descriptionMissing, "neither os-release (LMP_MACHINE) nor the ref \(facts.ref) names a machine; say it with --hardware-id")
        }
        guard HardwareID.isValid(hardwareID) else {
            throw UpdateTreeError(
                .descriptionMissing, "\(DirectoryName.quoted(hardwareID)) is no hardware id; use letters, digits and _ . + -")
        }
        do {
            return try ImageDescription(
                name: attributes.name ?? facts.ref, commit: facts.commit.checksum.hex, hardwareID: hardwareID, tags: [key.tag.text],
                version: version, apps: attributes.apps ?? facts.apps,
                createdAt: MetadataTime(seconds: Int64(clamping: facts.commit.timestamp)))
        } catch {
            throw UpdateTreeError(.descriptionMissing, error.message)
        }
    }

    /// `intel-corei7-64-lmp` is the branch of the machine `intel-corei7-64`.
    private static func machine(ofRef ref: String) -> String? {
        ref.hasSuffix("-lmp") ? String(ref.dropLast(4)) : nil
    }
}
