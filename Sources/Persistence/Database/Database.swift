import FileTree
import GRDB

/// `db.sqlite`: devices and small attributes. One writer at a time; a commit has returned only when it is on the disk.
public struct Database: Sendable {
    let queue: DatabaseQueue

    /// Opens the database for looking only, also beside a running server: it stays as it is, tables of an older version included.
    public static func openForReading(dataDirectory path: String) throws -> Database {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            return Database(queue: try DatabaseQueue(path: "\(path)/db.sqlite", configuration: configuration))
        } catch let error as DatabaseError {
            throw PersistenceError(.storage, "\(path)/db.sqlite cannot be read: \(error); check its owner, or restore it from a backup")
        }
    }

    /// Opens the database of a data directory and brings its tables up to date.
    public static func open(dataDirectory path: String) throws -> Database {
        var configuration = Configuration()
        configuration.journalMode = .wal
        // Another process may read or add a token while the server runs.
        configuration.busyMode = .timeout(5)
        // Keys and digests of tokens are nobody else's business: the file is ours before SQLite makes it.
        _ = try Directory(path: path).openForWriting("db.sqlite", mode: 0o600)
        do {
            let queue = try DatabaseQueue(path: "\(path)/db.sqlite", configuration: configuration)
            // Opening in WAL mode chose NORMAL, which forgets the last commits when the power fails. It must be said
            // afterwards: what the configuration prepares comes before.
            try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            try Migrations.all.migrate(queue)
            return Database(queue: queue)
        } catch let error as DatabaseError {
            throw PersistenceError(
                .storage, "\(path)/db.sqlite cannot be opened: \(error); check its owner, or restore it from a backup")
        }
    }
}
