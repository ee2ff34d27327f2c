import OperatorAuth
import Synchronization

/// Tokens in memory.
final class MemoryTokens: TokenRepository {
    private let records = Mutex<[String: TokenRecord]>([:])

    /// Makes a token and returns its text.
    func make(_ scopes: Set<Scope>, expiresAt: Int64? = nil) -> String {
        let token = AccessToken.random()
        records.withLock {
            $0[token.id] = TokenRecord(
                id: token.id, secretDigest: token.secretDigest, scopes: scopes, description: "", createdAt: 0,
                expiresAt: expiresAt)
        }
        return token.text
    }

    func add(_ record: TokenRecord) async throws { records.withLock { $0[record.id] = record } }
    func find(_ id: String) async throws -> TokenRecord? { records.withLock { $0[id] } }
    func list() async throws -> [TokenRecord] { records.withLock { $0.values.sorted { $0.id < $1.id } } }
    func remove(_ id: String) async throws -> Bool { records.withLock { $0.removeValue(forKey: id) != nil } }
}
