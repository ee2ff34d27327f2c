import StrictJSON

/// Who may sign what.
public struct RootMetadata: RoleMetadata, Equatable {
    public static let role = TopRole.root

    public let common: RoleHeader
    public let profile: Profile
    public let roles: [TopRole: RoleKeys]
    /// Whether the other files carry their version in their names.
    public let hasConsistentSnapshots: Bool

    public init(_ envelope: Envelope) throws(TUFError) {
        common = try RoleHeader(envelope)
        profile = envelope.profile
        let keys = try RoleKeys.readKeys(envelope.signed["keys"], profile: envelope.profile)
        var roles: [TopRole: RoleKeys] = [:]
        for role in TopRole.allCases {
            // StaticString: the four words are the four cases.
            let value: JSONElement? =
                switch role {
                case .root: envelope.signed["roles"]?["root"]
                case .targets: envelope.signed["roles"]?["targets"]
                case .snapshot: envelope.signed["roles"]?["snapshot"]
                case .timestamp: envelope.signed["roles"]?["timestamp"]
                }
            guard let value else { throw TUFError(.memberMissing, "root names no keys for \(role.rawValue)") }
            roles[role] = try RoleKeys(value, keys: keys)
        }
        self.roles = roles
        hasConsistentSnapshots = envelope.signed["consistent_snapshot"]?.bool ?? false
    }

    /// Every role is there: the initialiser saw to it.
    public func keys(of role: TopRole) -> RoleKeys { roles[role] ?? RoleKeys(keyIDs: [], threshold: 1, keys: [:]) }
}
