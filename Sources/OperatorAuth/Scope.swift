/// What a token allows.
public enum Scope: String, Codable, Sendable, CaseIterable {
    case devicesRead = "devices:read"
    case devicesWrite = "devices:write"
    case updatesRead = "updates:read"
    case updatesWrite = "updates:write"
    case rolloutsRead = "rollouts:read"
    case rolloutsWrite = "rollouts:write"
    /// Values of configuration files may be secrets.
    case configRead = "config:read"
    case configWrite = "config:write"

    /// Reads a comma list of scopes; `admin` is all of them, `read` all that only read, but for
    /// ``configRead``: a token for looking around must not lead to secrets.
    public static func list(_ text: String) throws(OperatorAuthError) -> Set<Scope> {
        var scopes = Set<Scope>()
        for word in text.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            switch word {
            case "admin": scopes.formUnion(allCases)
            case "read": scopes.formUnion(allCases.filter { $0.rawValue.hasSuffix(":read") && $0 != .configRead })
            default:
                guard let scope = Scope(rawValue: word) else {
                    throw OperatorAuthError(
                        .scopeInvalid,
                        "\(word.prefix(40).debugDescription) is no scope; use admin, read, or a list of \(allCases.map(\.rawValue).joined(separator: ", "))"
                    )
                }
                scopes.insert(scope)
            }
        }
        guard !scopes.isEmpty else { throw OperatorAuthError(.scopeInvalid, "name at least one scope, such as read") }
        return scopes
    }
}
