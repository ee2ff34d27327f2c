import Crypto
import StrictJSON

/// Writes targets, snapshot and timestamp for one root, and looks at each file as a client would before it is handed out.
struct OnlineRoles {
    let root: RootMetadata
    let signers: [TopRole: [Signer]]
    let lifetimes: Lifetimes
    let now: MetadataTime

    /// Throws when too few of a role's private keys are among `keys`.
    init(
        root: RootMetadata, keys: [PrivateKey], roles: [TopRole] = [.targets, .snapshot, .timestamp], lifetimes: Lifetimes,
        now: MetadataTime
    ) throws(TUFError) {
        self.root = root
        self.lifetimes = lifetimes
        self.now = now
        var signers: [TopRole: [Signer]] = [:]
        for role in roles {
            let wanted = root.keys(of: role)
            let found = wanted.signers(among: keys)
            guard Set(found.map(\.key.publicKey)).count >= wanted.threshold else {
                throw TUFError(
                    .keyMissing,
                    "\(role.rawValue) needs \(wanted.threshold) private keys of root \(root.version), and \(found.count) are here; "
                        + "import them, or rotate \(role.rawValue)")
            }
            signers[role] = found
        }
        self.signers = signers
    }

    private var profile: Profile { root.profile }

    private func sign(_ role: TopRole, version: Int64, _ members: [(name: String, value: JSONValue)]) throws(TUFError) -> [UInt8] {
        let signed = MetadataWriter.signed(
            role, profile: profile, version: version, expires: lifetimes.expiry(of: role, from: now), members)
        let bytes = try MetadataWriter.file(signed, signedBy: signers[role] ?? [], profile: profile)
        let limit = MetadataWriter.limit(role, profile: profile)
        guard bytes.count <= limit else {
            throw TUFError(.tooLarge, "\(role.rawValue) would have \(bytes.count) bytes; clients read at most \(limit): name fewer targets")
        }
        try Envelope(parsing: bytes, as: role).verify(by: root.keys(of: role))
        return bytes
    }

    /// Members beside the common ones, such as `targets` or `x-fio-offline-bundle`.
    func targets(version: Int64, _ members: [(name: String, value: JSONValue)]) throws(TUFError) -> [UInt8] {
        try sign(.targets, version: version, members)
    }

    func snapshot(version: Int64, targets: [UInt8], targetsVersion: Int64) throws(TUFError) -> [UInt8] {
        let bytes = try sign(.snapshot, version: version, Self.meta(.targets, targets, targetsVersion))
        _ = try SnapshotMetadata(parsing: bytes)
        return bytes
    }

    func timestamp(version: Int64, snapshot: [UInt8], snapshotVersion: Int64) throws(TUFError) -> [UInt8] {
        let bytes = try sign(.timestamp, version: version, Self.meta(.snapshot, snapshot, snapshotVersion))
        _ = try TimestampMetadata(parsing: bytes)
        return bytes
    }

    private static func meta(_ role: TopRole, _ bytes: [UInt8], _ version: Int64) -> [(name: String, value: JSONValue)] {
        let entry = JSONValue.object([
            ("version", .integer(version)), ("length", .integer(Int64(bytes.count))),
            ("hashes", .object([("sha256", .string(Hexadecimal.text(SHA256.hash(data: bytes))))])),
        ])
        return [("meta", .object([(role.fileName, entry)]))]
    }
}

extension TargetFile {
    /// The target's value in targets metadata.
    var document: JSONValue {
        var digests: [(name: String, value: JSONValue)] = []
        if let sha256 = hashes.sha256 { digests.append(("sha256", .string(Hexadecimal.text(sha256)))) }
        if let sha512 = hashes.sha512 { digests.append(("sha512", .string(Hexadecimal.text(sha512)))) }
        var members: [(name: String, value: JSONValue)] = [("hashes", .object(digests)), ("length", .integer(length))]
        if let custom { members.append(("custom", custom)) }
        return .object(members)
    }
}
