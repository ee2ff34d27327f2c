import FileTree

/// The signing side of one channel of the server: `tuf/ci` or `tuf/prod` of a data directory, in the fio profile.
///
/// ```swift
/// let repository = ChannelRepository(directory: folder, secret: secret)
/// let signed = try repository.signUpdate(images: [image], tag: "main", channel: "ci", bundle: true, now: now)
/// ```
///
/// Map: ``create(in:secret:keyAlgorithm:lifetimes:root:now:)`` and ``importFleet(_:in:secret:)`` begin one;
/// ``signUpdate(images:tag:channel:bundle:now:)`` and ``refresh(_:tag:now:ifExpiringWithin:)`` sign;
/// ``rotate(_:_:isUnsigned:now:)``, ``importSignatures(_:)`` and ``discardPending()`` change root; ``status(now:)`` tells.
///
/// Only one process writes in a channel at a time: each of these waits for the others.
public struct ChannelRepository: Sendable {
    public let directory: Directory
    let secret: KeySecret?

    /// `directory` is `tuf/<channel>`. Without a secret all that signs is refused.
    public init(directory: Directory, secret: KeySecret?) {
        self.directory = directory
        self.secret = secret
    }

    /// Whether versions are given out here: then there is a ledger of them.
    public var signsHere: Bool { directory.entry(VersionLedger.fileName) != nil }

    public var trust: ChannelTrust { ChannelTrust(directory: directory) }
    var keyring: Keyring { Keyring(channel: directory) }
    var pending: PendingRoot { PendingRoot(channel: directory) }

    /// Whether this channel's own keys signed: those that are here, or were before they were rotated away. Metadata that
    /// the chain accepts but others signed are theirs.
    public func isOurs(_ envelope: Envelope) throws(TUFError) -> Bool {
        let own = try Set(keyring.publicKeys()).union(ChannelSettings(in: directory).retired)
        return isOurs(envelope, own: own, chain: try trust.roots())
    }

    func isOurs(_ envelope: Envelope, own: Set<PublicKey>, chain: [ChannelTrust.Root]) -> Bool {
        chain.contains { root in
            let keys = root.metadata.keys(of: envelope.role)
            return envelope.profile == root.envelope.profile
                && envelope.validSigners(among: keys).intersection(own).count >= keys.threshold
        }
    }

    /// Signs with the newest root's keys.
    func onlineRoles(_ root: RootMetadata, now: MetadataTime) throws(TUFError) -> OnlineRoles {
        guard root.profile == .fio else {
            throw TUFError(.profileMixed, "the channel's roots are not of the fio profile, which devices read")
        }
        let wanted = [TopRole.targets, .snapshot, .timestamp].map { Set(root.keys(of: $0).keys.values) }
        let keys = try keyring.open(wanted.reduce(into: Set()) { $0.formUnion($1) }, with: secret)
        return try OnlineRoles(root: root, keys: keys, lifetimes: ChannelSettings(in: directory).lifetimes, now: now)
    }
}
