import FileTree

/// What is brought along of a fleet that was signed elsewhere.
public struct FleetFiles: Sendable {
    public let roots: [[UInt8]]
    /// `targets.json`, `snapshot.json` and `timestamp.json` that devices have seen; empty when unknown.
    public let metadata: [String: [UInt8]]
    public let keys: [PrivateKey]

    public init(roots: [[UInt8]], metadata: [String: [UInt8]] = [:], keys: [PrivateKey] = []) {
        self.roots = roots
        self.metadata = metadata
        self.keys = keys
    }
}

extension ChannelRepository {
    /// Trusts the roots of an existing fleet, the lowest one because the operator gives it and each other one because the
    /// one before signed it, and keeps the private keys that were given. May be done again with more roots or keys.
    ///
    /// A key that no role of the newest root names is refused, before anything is written.
    public static func importFleet(
        _ fleet: FleetFiles, in directory: Directory, secret: KeySecret?
    ) throws(TUFError) -> (first: Int64, newest: Int64) {
        let repository = ChannelRepository(directory: directory, secret: secret)
        let range = try ChannelLock.holding(directory) { () throws(TUFError) in
            let known = try repository.trust.roots()
            let added = try ChannelTrust.following(known, fleet.roots)
            guard let first = (known + added).first, let newest = (known + added).last else {
                throw TUFError(.rootMissing, "there is no N.root.json in what was given")
            }
            guard newest.envelope.profile == .fio else {
                throw TUFError(.profileMixed, "the roots are not of the fio profile, which devices read")
            }
            let named = Set(newest.metadata.roles.values.flatMap(\.keys.values))
            for key in fleet.keys where !named.contains(key.publicKey) {
                throw TUFError(
                    .keyNotOfRole,
                    "root \(newest.version) names no key \(try key.publicKey.id(profile: .fio)); leave it out, or bring newer roots")
            }
            if !fleet.keys.isEmpty { try repository.keyring.check(secret) }
            for key in fleet.keys { try repository.keyring.store(key, under: secret) }
            // Before the roots: with a root and without this file nothing is signed.
            if directory.status(VersionLedger.fileName) == nil { try VersionLedger().store(in: directory) }
            if directory.status(ChannelSettings.fileName) == nil { try ChannelSettings().store(in: directory) }
            if known.isEmpty { try repository.trust.begin(first.bytes) }
            try repository.trust.extend(added.map(\.bytes))
            try repository.retireKeys()
            return (first.version, newest.version)
        }
        if !fleet.metadata.isEmpty { try repository.observe(fleet.metadata, tag: nil) }
        return range
    }
}
