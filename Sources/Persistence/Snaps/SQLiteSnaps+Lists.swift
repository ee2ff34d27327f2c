import DeviceAuth
import Fleet
import Foundation
import GRDB
import Snaps

/// What devices published, in the tables `heartbeat_hashes` and `snap_lists`.
extension SQLiteSnaps {
    public func replaceList(of device: DeviceID, with list: SnapList, at seconds: Int64) async throws {
        // Written out here, not while others wait for the database.
        let names = SnapNameList.text(list.names)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(list), as: UTF8.self)
        let hashes = list.hashes
        try await write { db in
            guard try !Self.isDeleted(device, in: db) else { return }
            try db.cachedStatement(sql: "INSERT INTO snap_devices (device) VALUES (?) ON CONFLICT (device) DO NOTHING")
                .execute(arguments: [device.text])
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO snap_lists (device, received_at, names, list) VALUES (?, ?, ?, ?)")
                .execute(arguments: [device.text, seconds, names, text])
            try Self.set(hashes, of: device, in: db)
        }
    }

    private static func set(_ hashes: SnapHashes?, of device: DeviceID, in db: GRDB.Database) throws {
        guard let hashes else {
            return try db.cachedStatement(sql: "DELETE FROM heartbeat_hashes WHERE device = ?").execute(arguments: [device.text])
        }
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO heartbeat_hashes (device, snapListHash, installedSnapsHash) VALUES (?, ?, ?)"
        ).execute(arguments: [device.text, hashes.list, hashes.names])
    }

    public func list(of device: DeviceID) async throws -> StoredSnapList? {
        let row = try await queue.read { db in
            try Row.fetchOne(db, sql: "SELECT list, received_at FROM snap_lists WHERE device = ?", arguments: [device.text])
                .map { (text: $0[0] as String, receivedAt: $0[1] as Int64) }
        }
        guard let row else { return nil }
        guard let list = try? JSONDecoder().decode(SnapList.self, from: Data(row.text.utf8)) else { throw Self.corrupt("a snap list") }
        return StoredSnapList(list: list, receivedAt: row.receivedAt)
    }
}
