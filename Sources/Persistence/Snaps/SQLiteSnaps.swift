import DeviceAuth
import Fleet
import GRDB
import Snaps

/// Keeps models, requirements, snap lists and orders in tables of the database. Writes that wait at the same time share one
/// transaction and one sync: a fleet that publishes its lists at once costs few of them.
public final class SQLiteSnaps: SnapRepository {
    let queue: DatabaseQueue
    private let writes: GroupedWrites

    public init(_ database: Database) {
        queue = database.queue
        writes = GroupedWrites(database.queue, label: "otaserve.snaps")
    }

    func write(_ body: @escaping @Sendable (GRDB.Database) throws -> Void) async throws { try await writes.write(body) }

    public func forget(_ device: DeviceID) async throws {
        try await write { db in try Self.forget(device, in: db) }
    }

    static func forget(_ device: DeviceID, in db: GRDB.Database) throws {
        for table in SnapTables.ofDevices {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE device = ?").execute(arguments: [device.text])
        }
    }

    /// What a deleted device still says, or what was on its way when it was deleted, is not kept.
    static func isDeleted(_ device: DeviceID, in db: GRDB.Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM devices WHERE uuid = ? AND deleted")
        return try Bool.fetchOne(statement, arguments: [device.text]) ?? false
    }

    static func corrupt(_ what: String) -> PersistenceError {
        PersistenceError(.corrupt, "db.sqlite holds \(what) that cannot be read; restore it from a backup")
    }
}
