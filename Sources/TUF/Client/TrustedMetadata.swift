/// What a client trusts, and the only ways in which that changes. No input, no output, no clock.
///
/// The rules (TUF 1.0, §5.2–§5.6):
/// - §5.2 one reference time for the whole run; the first root comes out of band and is signed by its own threshold.
/// - §5.3 a new root is signed by the old threshold and by its own, and has the next version; the profile stays; only
///   the last one must not have expired.
/// - §5.3.11 when the keys of timestamp or snapshot changed, the stored timestamp and snapshot count no more.
/// - §5.4 timestamp: threshold; a lower version is refused, an equal one changes nothing; the snapshot's version it names
///   does not go down; not expired.
/// - §5.5 snapshot: length and hashes of timestamp before it is read, threshold, version of timestamp; no role vanishes
///   or goes down; not expired.
/// - §5.6 targets and delegated roles: the same against snapshot; a delegated role by the keys of its delegator.
/// - What is stored is verified again, and may be expired or old: then it only bars the way back.
/// - Whatever is refused changes nothing.
///
/// ```swift
/// var trusted = try TrustedMetadata(trustedRoot: root, now: now)
/// try trusted.updateRoot(second)
/// try trusted.finishRoots()
/// _ = try trusted.updateTimestamp(timestamp)
/// try trusted.updateSnapshot(snapshot)
/// try trusted.updateTargets(targets)
/// ```
///
/// Map: ``updateRoot(_:)`` and ``finishRoots()`` first; then ``loadStoredTimestamp(_:)``, ``updateTimestamp(_:)``;
/// ``updateSnapshot(_:isTrusted:)``; ``updateTargets(_:)``; ``updateDelegated(_:as:)``. ``TargetSearch`` says which
/// delegated roles are wanted.
public struct TrustedMetadata: Sendable {
    /// The reference time of the run.
    public let now: MetadataTime
    public internal(set) var root: RootMetadata
    public internal(set) var timestamp: TimestampMetadata?
    /// Final: it is the one that timestamp names and has not expired.
    public internal(set) var snapshot: SnapshotMetadata?
    public internal(set) var targets: TargetsMetadata?
    /// Whether a root of this run changed the keys of timestamp or snapshot, so that what is stored of them is void.
    public internal(set) var isRecovering = false

    var areRootsFinished = false
    /// The stored snapshot, which bars the way back.
    var storedSnapshot: SnapshotMetadata?
    /// Read and listed by snapshot; verified anew under each delegator.
    var delegated: [DelegatedRoleName: DelegatedMetadata] = [:]

    public var profile: Profile { root.profile }
    public var limits: MetadataLimits { MetadataLimits(root.profile) }

    /// Takes the root that came out of band. It may have expired: a newer one may follow.
    public init(trustedRoot bytes: [UInt8], now: MetadataTime) throws(TUFError) {
        let envelope = try Envelope(parsing: bytes, as: .root)
        root = try RootMetadata(envelope)
        try envelope.verify(by: root.keys(of: .root))
        self.now = now
    }

    // MARK: Root

    /// Takes the next root; it may have expired.
    public mutating func updateRoot(_ bytes: [UInt8]) throws(TUFError) {
        guard !areRootsFinished else { throw Self.outOfOrder("a root after the last one") }
        let envelope = try envelope(bytes, as: .root)
        let new = try RootMetadata(envelope)
        try envelope.verify(by: root.keys(of: .root))
        guard new.version > root.version else {
            throw TUFError(.rollback, "root went back from version \(root.version) to \(new.version)")
        }
        guard new.version == nextRootVersion else {
            throw TUFError(.versionMismatch, "root has the version \(new.version); the one after \(root.version) is missing")
        }
        try envelope.verify(by: new.keys(of: .root))
        for role in [TopRole.timestamp, .snapshot] where new.keys(of: role).material != root.keys(of: role).material {
            isRecovering = true
        }
        root = new
    }

    /// The version that the next root must have; nil after the highest number.
    public var nextRootVersion: Int64? { root.version == .max ? nil : root.version + 1 }

    /// There is no newer root: the last one must not have expired.
    public mutating func finishRoots() throws(TUFError) {
        try refuseExpired(root, "root")
        areRootsFinished = true
    }

    // MARK: Parts

    /// Reads a file and refuses one of the other profile: a repository keeps to one.
    func envelope(_ bytes: [UInt8], as role: TopRole) throws(TUFError) -> Envelope {
        let envelope = try Envelope(parsing: bytes, as: role)
        guard envelope.profile == root.profile else {
            throw TUFError(
                .profileMixed, "\(role.rawValue) is of the profile \(envelope.profile.rawValue), root of \(root.profile.rawValue)")
        }
        return envelope
    }

    func refuseExpired(_ metadata: some RoleMetadata, _ name: String) throws(TUFError) {
        guard now < metadata.expires else {
            throw TUFError(.expired, "\(name) of version \(metadata.version) expired at \(metadata.expires); sign a new one")
        }
    }

    static func outOfOrder(_ what: String) -> TUFError { TUFError(.orderWrong, "cannot take \(what)") }
}

extension RoleKeys {
    /// The usable keys without their names.
    var material: Set<PublicKey> { Set(keys.values) }
}
