import StrictJSON

/// A root while it is put together: who may sign what from the next version on.
///
/// Members, roles and keys that this code does not know are carried along from the root before.
public struct RootDraft: Sendable {
    public let profile: Profile
    public let version: Int64
    public let expires: MetadataTime
    public let hasConsistentSnapshots: Bool
    public private(set) var roles: [TopRole: RoleKeys]
    private let otherMembers: [(name: String, value: JSONValue)]
    private let otherRoles: [(name: String, value: JSONValue)]
    private let otherKeys: [(name: String, value: JSONValue)]

    private static let ownMembers: Set<String> = [
        "_type", "version", "expires", "spec_version", "keys", "roles", "consistent_snapshot",
    ]

    /// The first root of a repository.
    public init(profile: Profile, roles: [TopRole: [PublicKey]], thresholds: [TopRole: Int], expires: MetadataTime) throws(TUFError) {
        self.profile = profile
        self.expires = expires
        version = 1
        hasConsistentSnapshots = profile == .standard
        otherMembers = []
        otherRoles = []
        otherKeys = []
        self.roles = [:]
        for role in TopRole.allCases {
            var ids: [KeyID] = []
            var keys: [KeyID: PublicKey] = [:]
            for key in roles[role] ?? [] {
                let id = try key.id(profile: profile)
                if keys.updateValue(key, forKey: id) == nil { ids.append(id) }
            }
            self.roles[role] = RoleKeys(keyIDs: ids, threshold: thresholds[role] ?? 1, keys: keys)
        }
        try check()
    }

    /// The root that follows `envelope`.
    public init(after envelope: Envelope, expires: MetadataTime) throws(TUFError) {
        let before = try RootMetadata(envelope)
        guard before.version < .max else { throw TUFError(.versionInvalid, "no version can follow \(before.version)") }
        profile = envelope.profile
        version = before.version + 1
        self.expires = expires
        hasConsistentSnapshots = before.hasConsistentSnapshots
        roles = before.roles
        let signed = envelope.signed.value
        let known = Set(before.roles.values.flatMap { $0.keys.keys.map(\.text) })
        otherMembers = (signed.members ?? []).filter { !Self.ownMembers.contains($0.name) }
        otherRoles = (signed["roles"]?.members ?? []).filter { TopRole(rawValue: $0.name) == nil }
        otherKeys = (signed["keys"]?.members ?? []).filter { !known.contains($0.name) }
    }

    /// Adds and removes keys of one role. Without a new threshold the old one stays.
    public mutating func change(_ role: TopRole, adding: [PublicKey], removing: Set<PublicKey>, threshold: Int?) throws(TUFError) {
        let before = roles[role] ?? RoleKeys(keyIDs: [], threshold: 1, keys: [:])
        guard removing.isSubset(of: before.keys.values) else {
            throw TUFError(.keyNotOfRole, "a key to remove is not one of \(role.rawValue); otaserve tuf status lists them")
        }
        var ids = before.keyIDs.filter { id in !(before.keys[id].map(removing.contains) ?? false) }
        var keys = before.keys
        for key in adding where !ids.contains(where: { keys[$0] == key }) {
            // A key keeps one id in all roles, also when it came under an old one.
            let ownID = try key.id(profile: profile)
            let id = roles.values.lazy.compactMap { $0.ids(of: key).first }.first ?? ownID
            keys[id] = key
            ids.append(id)
        }
        roles[role] = RoleKeys(keyIDs: ids, threshold: threshold ?? before.threshold, keys: keys)
        try check()
    }

    private func check() throws(TUFError) {
        for role in TopRole.allCases {
            guard let keys = roles[role] else { continue }
            // Before anything is kept for it: a key that devices reject makes the whole root worthless.
            for key in keys.distinctKeys { _ = try key.document(profile: profile) }
            let count = keys.distinctKeys.count
            guard keys.threshold >= 1, keys.threshold <= count else {
                throw TUFError(
                    .thresholdInvalid, "\(role.rawValue) would have \(count) keys and need \(keys.threshold) of them; change one of the two"
                )
            }
        }
    }

    /// The member `signed`.
    func signed() throws(TUFError) -> JSONValue {
        var keys = otherKeys
        var members: [(name: String, value: JSONValue)] = otherRoles
        for role in TopRole.allCases {
            guard let entry = roles[role] else { continue }
            for id in entry.keyIDs {
                guard let key = entry.keys[id], !keys.contains(where: { $0.name == id.text }) else { continue }
                keys.append((id.text, try key.document(profile: profile)))
            }
            members.append(
                (
                    role.rawValue,
                    .object([
                        ("keyids", .array(entry.keyIDs.map { .string($0.text) })), ("threshold", .integer(Int64(entry.threshold))),
                    ])
                ))
        }
        let own: [(name: String, value: JSONValue)] = [
            ("consistent_snapshot", .bool(hasConsistentSnapshots)), ("keys", .object(keys)), ("roles", .object(members)),
        ]
        return MetadataWriter.signed(.root, profile: profile, version: version, expires: expires, own + otherMembers)
    }
}
