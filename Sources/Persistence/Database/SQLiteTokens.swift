import Foundation
import GRDB
import OperatorAuth

/// Keeps operators' tokens in the table `tokens`. Other processes may add and remove some while a server runs.
public struct SQLiteTokens: TokenRepository {
    private let queue: DatabaseQueue

    public init(_ database: Database) { queue = database.queue }

    public func add(_ record: TokenRecord) async throws {
        try await queue.write { db in
            try db.execute(
                sql: "INSERT INTO tokens (id, secret_sha256, scopes, description, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    record.id, Data(record.secretDigest), record.scopes.map(\.rawValue).sorted().joined(separator: ","),
                    record.description, record.createdAt, record.expiresAt,
                ])
        }
    }

    public func find(_ id: String) async throws -> TokenRecord? {
        try await queue.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM tokens WHERE id = ?", arguments: [id]).map(Self.record)
        }
    }

    public func list() async throws -> [TokenRecord] {
        try await queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM tokens ORDER BY created_at, id").map(Self.record)
        }
    }

    public func remove(_ id: String) async throws -> Bool {
        try await queue.write { db in
            try db.execute(sql: "DELETE FROM tokens WHERE id = ?", arguments: [id])
            return db.changesCount > 0
        }
    }

    private static func record(_ row: Row) throws -> TokenRecord {
        TokenRecord(
            id: row["id"], secretDigest: Array(row["secret_sha256"] as Data), scopes: try Scope.list(row["scopes"]),
            description: row["description"], createdAt: row["created_at"], expiresAt: row["expires_at"])
    }
}
