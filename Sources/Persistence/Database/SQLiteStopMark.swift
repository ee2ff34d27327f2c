import Fleet
import GRDB

/// Keeps in the table `marks` whether the server stopped in order.
public struct SQLiteStopMark: StopMark {
    private let queue: DatabaseQueue

    public init(_ database: Database) { queue = database.queue }

    public func isStopped() throws -> Bool {
        // A fresh database has no mark and no devices: to look for what is missing costs nothing there.
        try queue.read { db in try Bool.fetchOne(db, sql: "SELECT value FROM marks WHERE name = 'stopped'") ?? false }
    }

    public func set(isStopped: Bool) async throws {
        try await queue.write { db in
            try db.execute(sql: "INSERT OR REPLACE INTO marks (name, value) VALUES ('stopped', ?)", arguments: [isStopped])
        }
    }
}
