/// What is kept of a token.
public struct TokenRecord: Equatable, Sendable {
    public let id: String
    /// SHA-256 of the secret.
    public let secretDigest: [UInt8]
    public let scopes: Set<Scope>
    public let description: String
    /// Seconds since 1970.
    public let createdAt: Int64
    /// Seconds since 1970; nil means it does not expire.
    public let expiresAt: Int64?

    public init(
        id: String, secretDigest: [UInt8], scopes: Set<Scope>, description: String, createdAt: Int64, expiresAt: Int64?
    ) {
        self.id = id
        self.secretDigest = secretDigest
        self.scopes = scopes
        self.description = description
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Whether `token` is this one and still valid at `now` (seconds since 1970). Compares in constant time.
    public func check(_ token: AccessToken, now: Int64) throws(OperatorAuthError) {
        let presented = token.secretDigest
        var difference = UInt8(presented.count == secretDigest.count ? 0 : 1)
        for (a, b) in zip(presented, secretDigest) { difference |= a ^ b }
        guard difference == 0 else { throw OperatorAuthError(.tokenInvalid, "the token is unknown; create one") }
        if let expiresAt, now >= expiresAt {
            throw OperatorAuthError(.tokenExpired, "the token has expired; create one with otaserve token create")
        }
    }

    public func require(_ scope: Scope) throws(OperatorAuthError) {
        guard scopes.contains(scope) else {
            throw OperatorAuthError(.scopeMissing, "the token lacks the scope \(scope.rawValue); create one that has it")
        }
    }
}

/// Where tokens are kept.
public protocol TokenRepository: Sendable {
    func add(_ record: TokenRecord) async throws
    func find(_ id: String) async throws -> TokenRecord?
    func list() async throws -> [TokenRecord]
    /// False when there was none.
    func remove(_ id: String) async throws -> Bool
}
