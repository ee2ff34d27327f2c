import DeviceAuth
import Fleet
import Foundation
import GRDB
import UpdateTree

/// Keeps devices in the table `devices`. Writes that wait at the same time share one transaction and one sync.
public final class SQLiteDevices: DeviceRepository {
    let queue: DatabaseQueue
    private let writes: GroupedWrites

    public init(_ database: Database) {
        queue = database.queue
        writes = GroupedWrites(database.queue, label: "otaserve.devices")
    }

    func write(_ body: @escaping @Sendable (GRDB.Database) throws -> Void) async throws { try await writes.write(body) }

    // MARK: Reading

    public func loadAll() throws -> [(state: DeviceState, lastSeen: Int64)] {
        try queue.read { db in
            var devices: [(state: DeviceState, lastSeen: Int64)] = []
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT uuid, deleted, is_prod, created_at, last_seen, tag, update_name, target_name, ostree_hash,
                           apps, key_sha256, key_change_allowed, denied, certificate_ends, name, device_group, labels,
                           hardware_id, status
                    FROM devices
                    """)
            while let row = try rows.next() { devices.append(try Self.device(row)) }
            return devices
        }
    }

    private static func device(_ row: Row) throws -> (state: DeviceState, lastSeen: Int64) {
        let apps: String? = row[9]
        let state = DeviceState(
            id: try DeviceID(row[0] as String),
            key: try (row[10] as String?).map { try KeyFingerprint(hex: $0) },
            allowsNewKey: row[11],
            isDenied: row[12],
            isDeleted: row[1] ?? false,
            channel: Channel(isProduction: row[2] ?? false),
            createdAt: row[3] ?? 0,
            tag: try (row[5] as String?).map { try Tag($0) },
            updateName: try (row[6] as String?).map { try UpdateName($0) },
            targetName: row[7],
            ostreeHash: row[8],
            apps: apps.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? [],
            certificateEnds: row[13],
            name: try (row[14] as String?).map { try DeviceName($0) },
            group: try (row[15] as String?).map { try GroupName($0) },
            labels: try (row[16] as String?).map { try Labels(JSONDecoder().decode([String: String].self, from: Data($0.utf8))) }
                ?? Labels(),
            hardwareID: row[17],
            status: (row[18] as String?).flatMap(UpdateStatus.init) ?? .unknown)
        return (state, row[4] ?? 0)
    }

    public func loadContactHours() throws -> [DeviceID: ContactHours] {
        try queue.read { db in
            var hours: [DeviceID: ContactHours] = [:]
            let rows = try Row.fetchCursor(db, sql: "SELECT uuid, contact_hours FROM devices WHERE contact_hours IS NOT NULL")
            while let row = try rows.next() {
                hours[try DeviceID(row[0] as String)] = ContactHours(bits: UInt64(bitPattern: row[1] as Int64))
            }
            return hours
        }
    }

    public func publicKeyPEM(of id: DeviceID) async throws -> String? {
        try await queue.read { db in
            try String.fetchOne(db, sql: "SELECT pubkey FROM devices WHERE uuid = ?", arguments: [id.text])
        }
    }

    // MARK: Writing

    public func add(_ devices: [DeviceState], publicKeyPEM: String?) async throws {
        try await write { db in
            for device in devices {
                try Self.insert(device, publicKeyPEM: publicKeyPEM, lastSeen: publicKeyPEM == nil ? 0 : device.createdAt, in: db)
                try Self.removeRegistration(of: device.id, in: db)
            }
        }
    }

    static func insert(_ device: DeviceState, publicKeyPEM: String?, lastSeen: Int64, in db: GRDB.Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO devices (uuid, pubkey, deleted, is_prod, created_at, last_seen, tag, key_sha256)
                VALUES (?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING
                """
        ).execute(arguments: [
            device.id.text, publicKeyPEM, device.channel.isProduction, device.createdAt, lastSeen, device.tag?.text, device.key?.hex,
        ])
    }

    public func pin(_ key: KeyFingerprint, publicKeyPEM: String, of id: DeviceID) async throws {
        try await update([id], "pubkey = ?, key_sha256 = ?, key_change_allowed = 0", [publicKeyPEM, key.hex])
    }

    public func allowNewKey(of id: DeviceID) async throws { try await update([id], "key_change_allowed = 1", []) }

    public func setDenied(_ denied: Bool, of ids: [DeviceID]) async throws { try await update(ids, "denied = ?", [denied]) }

    public func markDeleted(_ ids: [DeviceID]) async throws {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE devices SET deleted = 1, denied = 0, pubkey = NULL, key_sha256 = NULL, key_change_allowed = 0, tag = NULL,
                        update_name = NULL, target_name = NULL, ostree_hash = NULL, apps = NULL, certificate_ends = NULL,
                        name = NULL, device_group = NULL, labels = NULL, hardware_id = NULL, status = NULL, contact_hours = NULL
                    WHERE uuid = ?
                    """)
            for id in ids {
                try statement.execute(arguments: [id.text])
                try SQLiteSnaps.forget(id, in: db)
            }
        }
    }

    public func restore(_ ids: [DeviceID]) async throws { try await update(ids, "deleted = 0, denied = 0", []) }

    private func update(_ ids: [DeviceID], _ assignments: String, _ values: [any DatabaseValueConvertible & Sendable]) async throws {
        try await write { db in
            let statement = try db.cachedStatement(sql: "UPDATE devices SET \(assignments) WHERE uuid = ?")
            for id in ids { try statement.execute(arguments: StatementArguments(values) + [id.text]) }
        }
    }

    public func setAttributes(_ states: [DeviceState]) async throws {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: "UPDATE devices SET name = ?, device_group = ?, labels = ? WHERE uuid = ? AND NOT COALESCE(deleted, 0)")
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            for state in states {
                let labels = state.labels.values.isEmpty ? nil : String(decoding: try encoder.encode(state.labels.values), as: UTF8.self)
                try statement.execute(arguments: [state.name?.text, state.group?.text, labels, state.id.text])
            }
        }
    }

    public func assign(_ name: UpdateName?, to ids: [DeviceID]) async throws {
        try await write { db in
            let statement = try db.cachedStatement(sql: "UPDATE devices SET update_name = ? WHERE uuid = ? AND NOT COALESCE(deleted, 0)")
            for id in ids { try statement.execute(arguments: [name?.text, id.text]) }
        }
    }

    public func save(_ checkIns: [CheckInRecord]) async throws {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE devices SET is_prod = ?, last_seen = ?, tag = ?, target_name = ?, ostree_hash = ?, apps = ?,
                        certificate_ends = ?, hardware_id = ?, status = ?, contact_hours = ?
                    WHERE uuid = ? AND NOT COALESCE(deleted, 0)
                    """)
            for checkIn in checkIns {
                let state = checkIn.state
                let apps = state.apps.isEmpty ? nil : String(decoding: try JSONEncoder().encode(state.apps), as: UTF8.self)
                try statement.execute(arguments: [
                    state.channel.isProduction, checkIn.lastSeen, state.tag?.text, state.targetName, state.ostreeHash,
                    apps, state.certificateEnds, state.hardwareID, state.status == .unknown ? nil : state.status.rawValue,
                    checkIn.contactHours.bits == 0 ? nil : Int64(bitPattern: checkIn.contactHours.bits), state.id.text,
                ])
            }
        }
    }
}
