import FileTree
import TUF

/// Makes an older image acceptable to devices that have seen newer ones: the same commit under a new, higher version.
///
/// A device takes no metadata and no image with a lower version than it knows. So going back is a step forward in the
/// versions: the image becomes `43.1` when `43` is the newest of its tag. Only metadata that are ours can be made anew.
public struct UpdateReissue: Sendable {
    public enum Outcome: Equatable, Sendable {
        /// No device can know a newer one.
        case newest
        /// Signed anew, with these target names.
        case reissued([String])
        /// Signed elsewhere: whoever signs it must sign it anew.
        case foreign
    }

    private let library: UpdateLibrary
    private let repository: ChannelRepository

    public init(library: UpdateLibrary, repository: ChannelRepository) {
        self.library = library
        self.repository = repository
    }

    /// - Parameter key: the update that devices are about to be given.
    public func run(_ key: UpdateKey, now: MetadataTime) throws(UpdateTreeError) -> Outcome {
        guard let own = try metadata(of: key) else { return .newest }
        var others: [Known] = []
        for other in try library.catalogue.keys() where other.channel == key.channel && other.tag == key.tag && other != key {
            if let known = try? metadata(of: other) { others.append(known) }
        }
        guard others.contains(where: { $0.version > own.version }) else { return .newest }
        do {
            guard try repository.isOurs(own.envelope) else { return .foreign }
            var images: [ImageDescription] = []
            for image in own.images { images.append(try Self.description(image, above: others, key: key, now: now)) }
            let signed = try repository.signUpdate(
                images: images, tag: key.tag.text, channel: key.channel.rawValue, bundle: own.hasBundle, now: now)
            try MetadataRefresh(library: library, repository: repository, channel: key.channel).replace(signed.files, of: key)
            return .reissued(images.map(\.targetName))
        } catch let error as UpdateTreeError {
            throw error
        } catch {
            throw UpdateTreeError(.metadataNotRefreshed, "the older update \(key) cannot be signed anew: \(error)")
        }
    }

    private struct Known {
        let envelope: Envelope
        let version: Int64
        let images: [TargetFile]
        let hasBundle: Bool
    }

    private func metadata(of key: UpdateKey) throws(UpdateTreeError) -> Known? {
        guard let tuf = try? library.catalogue.root.directory("\(key.path)/tuf"),
            let bytes = try? tuf.contents(of: "targets.json", limit: UpdateCatalogue.largestMetadata)
        else { return nil }
        do {
            let envelope = try Envelope(parsing: bytes, as: .targets)
            let targets = try TargetsMetadata(envelope)
            return Known(
                envelope: envelope, version: targets.version, images: try targets.files(),
                hasBundle: tuf.entry("bundle-targets.json") != nil)
        } catch {
            throw UpdateTreeError(.sourceInvalid, "\(key)/tuf/targets.json cannot be used: \(error.message)")
        }
    }

    private static func description(
        _ target: TargetFile, above others: [Known], key: UpdateKey, now: MetadataTime
    ) throws(TUFError) -> ImageDescription {
        let image = try ImageTarget(target)
        guard let hardwareID = image.hardwareIDs.first else {
            throw TUFError(.targetInvalid, "the target \(image.name) names no hardware id")
        }
        let own = image.version ?? "0"
        var highest = own
        for other in others {
            for file in other.images {
                let rival = try ImageTarget(file)
                guard rival.hardwareIDs.contains(hardwareID), let version = rival.version else { continue }
                if VersionOrder.precedes(highest, version) { highest = version }
            }
        }
        let named = image.name.hasSuffix("-\(own)") ? String(image.name.dropLast(own.count + 1)) : image.name
        let name = target.custom?["name"]?.string ?? named
        return try ImageDescription(
            name: name, commit: image.commit, hardwareID: hardwareID, tags: [key.tag.text],
            version: highest == own ? own : VersionOrder.successor(of: highest), apps: image.apps, createdAt: now)
    }
}
