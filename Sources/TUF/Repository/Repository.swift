import StrictJSON

/// A whole repository in memory: its roots, and the newest file of every role, in either profile.
///
/// ```swift
/// var repository = try Repository(profile: .standard, keys: keys, now: now)
/// try repository.set(target)
/// for (name, bytes) in try repository.publish(now: now) { … }   // write these; timestamp.json last
/// ```
///
/// Map: ``set(_:)`` and ``removeTarget(named:)`` change targets, ``publish(now:)`` signs what changed, ``refresh(now:)``
/// signs all anew, ``rotate(_:to:threshold:now:)`` changes keys, ``files`` is all there is. Every signing raises versions.
public struct Repository: Sendable {
    public let profile: Profile
    public let lifetimes: Lifetimes
    /// All files by their published names, old versions with them.
    public internal(set) var files: [String: [UInt8]] = [:]
    public internal(set) var targets: [String: TargetFile] = [:]
    var rootBytes: [UInt8] = []
    var keys: [TopRole: [PrivateKey]]
    var versions: [TopRole: Int64] = [:]
    var hasUnpublishedTargets = true

    /// Signs and publishes the first root. A role's threshold is 1 unless named.
    public init(
        profile: Profile, keys: [TopRole: [PrivateKey]], thresholds: [TopRole: Int] = [:], lifetimes: Lifetimes = .usual,
        now: MetadataTime
    ) throws(TUFError) {
        self.profile = profile
        self.keys = keys
        self.lifetimes = lifetimes
        let draft = try RootDraft(
            profile: profile, roles: keys.mapValues { $0.map(\.publicKey) }, thresholds: thresholds,
            expires: lifetimes.expiry(of: .root, from: now))
        try adopt(draft, signedBy: keys[.root] ?? [], before: nil)
    }

    public var root: RootMetadata { get throws(TUFError) { try RootMetadata(parsing: rootBytes) } }

    public mutating func set(_ target: TargetFile) throws(TUFError) {
        try TargetName.check(target.name)
        try PortableText.check(.object([(target.name, target.document)]))
        targets[target.name] = target
        hasUnpublishedTargets = true
    }

    public mutating func removeTarget(named name: String) throws(TUFError) {
        guard targets.removeValue(forKey: name) != nil else {
            throw TUFError(.targetUnknown, "there is no target \(quoted(name))")
        }
        hasUnpublishedTargets = true
    }

    /// Signs what changed since the last time and returns the files to write. Put `timestamp.json` there last: a client
    /// that reads in between must find what it names.
    public mutating func publish(now: MetadataTime) throws(TUFError) -> [String: [UInt8]] {
        try sign(from: hasUnpublishedTargets ? .targets : .snapshot, now: now)
    }

    /// Signs targets, snapshot and timestamp anew, each with a higher version.
    public mutating func refresh(now: MetadataTime) throws(TUFError) -> [String: [UInt8]] { try sign(from: .targets, now: now) }

    private mutating func sign(from first: TopRole, now: MetadataTime) throws(TUFError) -> [String: [UInt8]] {
        let root = try root
        let roles = try OnlineRoles(root: root, keys: keys.values.flatMap(\.self), lifetimes: lifetimes, now: now)
        var written: [String: [UInt8]] = [:]
        var newest = versions
        func next(_ role: TopRole) -> Int64 {
            let version = (newest[role] ?? 0) + 1
            newest[role] = version
            return version
        }
        func name(_ role: TopRole) -> String {
            root.hasConsistentSnapshots ? "\(newest[role] ?? 0).\(role.fileName)" : role.fileName
        }
        if first == .targets {
            let all = targets.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            let bytes = try roles.targets(version: next(.targets), [("targets", .object(all.map { ($0.name, $0.document) }))])
            written[name(.targets)] = bytes
        }
        let targetsBytes = written[name(.targets)] ?? files[name(.targets)] ?? []
        let snapshot = try roles.snapshot(version: next(.snapshot), targets: targetsBytes, targetsVersion: newest[.targets] ?? 0)
        written[name(.snapshot)] = snapshot
        written[TopRole.timestamp.fileName] = try roles.timestamp(
            version: next(.timestamp), snapshot: snapshot, snapshotVersion: newest[.snapshot] ?? 0)
        versions = newest
        hasUnpublishedTargets = false
        files.merge(written) { $1 }
        return written
    }
}
