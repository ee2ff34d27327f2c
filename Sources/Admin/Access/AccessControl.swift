import Hummingbird
import OperatorAuth

/// Who may do what on a listener.
enum AccessControl: Sendable {
    /// Every request carries a bearer token, and its scopes decide.
    case tokens(any TokenRepository, now: @Sendable () -> Int64)
    /// The listener itself has decided: for the Unix socket.
    case everything

    /// Lets a request through, or throws why not.
    func check(_ headers: HTTPFields, for access: Access) async throws -> Principal {
        guard case .tokens(let tokens, let now) = self else { return .local }
        if case .open = access { return .anonymous }
        let presented = try Self.token(in: headers)
        guard let record = try await stored({ try await tokens.find(presented.id) }) else {
            throw OperatorAuthError(.tokenInvalid, "the token is unknown; create one")
        }
        try record.check(presented, now: now())
        for scope in access.scopes { try record.require(scope) }
        return .token(record.id)
    }

    private static func token(in headers: HTTPFields) throws(OperatorAuthError) -> AccessToken {
        let words = (headers[.authorization] ?? "").split(separator: " ", omittingEmptySubsequences: true)
        guard let scheme = words.first, scheme.lowercased() == "bearer" else {
            throw OperatorAuthError(.tokenMissing, "send a token: Authorization: Bearer ota_…")
        }
        guard words.count == 2 else {
            throw OperatorAuthError(.tokenInvalid, "the token is not one that otaserve token create printed")
        }
        return try AccessToken(presented: words[1])
    }
}
