import DeviceAuth
import Fleet
import GRDB
import Snaps

/// What is kept of each device, in the tables `snap_devices` and `required_installs`.
extension SQLiteSnaps {
    public func loadDevices() throws -> [SnapDeviceRecord] {
        try queue.read { db in
            var lists = SnapNameList()
            var records: [SnapDeviceRecord] = []
            // A device with anything has a row in snap_devices.
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT d.device, assigned_model, reported_model, reported_brand, reported_by, serial, architecture,
                           snapListHash, installedSnapsHash, names,
                           request, attempts, last_sent, missing, state, message, since, changed_at
                    FROM snap_devices AS d LEFT JOIN heartbeat_hashes AS h ON h.device = d.device
                    LEFT JOIN snap_lists AS l ON l.device = d.device LEFT JOIN required_installs AS r ON r.device = d.device
                    """)
            while let row = try rows.next() { records.append(try Self.record(row, &lists)) }
            return records
        }
    }

    private static func record(_ row: Row, _ lists: inout SnapNameList) throws -> SnapDeviceRecord {
        var hashes: SnapHashes?
        if let list = row[7] as String?, let names = row[8] as String? { hashes = SnapHashes(list: list, names: names) }
        return SnapDeviceRecord(
            device: try DeviceID(row[0] as String), hashes: hashes, names: try (row[9] as String?).map { try lists.names($0) },
            model: try model(row), architecture: row[6], required: try required(row, &lists))
    }

    private static func model(_ row: Row) throws -> DeviceModel {
        var reported: DeviceModel.Claim?
        if let name = row[2] as String? {
            guard let source = (row[4] as String?).flatMap(DeviceModel.Source.init) else { throw corrupt("a model without its source") }
            reported = DeviceModel.Claim(name: try ModelName(name), brand: row[3], source: source)
        }
        return DeviceModel(assigned: try (row[1] as String?).map { try ModelName($0) }, reported: reported, serial: row[5])
    }

    private static func required(_ row: Row, _ lists: inout SnapNameList) throws -> RequiredInstall? {
        guard let request = row[10] as String? else { return nil }
        guard let state = RequiredInstall.State(rawValue: row[14]) else { throw corrupt("an unknown state of an install") }
        return RequiredInstall(
            request: SentRequest(id: request, attempts: row[11], lastSent: row[12]), missing: try lists.names(row[13]), state: state,
            message: row[15], since: row[16], changedAt: row[17])
    }

    public func save(_ records: [SnapDeviceRecord], sent orders: [SnapOrder]) async throws {
        try await write { db in
            for record in records where try !Self.isDeleted(record.device, in: db) {
                try Self.save(record, in: db)
                try Self.save(record.required, of: record.device, in: db)
            }
            try Self.save(sent: orders, in: db)
        }
    }

    private static func save(_ record: SnapDeviceRecord, in db: GRDB.Database) throws {
        let model = record.model
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO snap_devices
                    (device, assigned_model, reported_model, reported_brand, reported_by, serial, architecture)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            record.device.text, model.assigned?.text, model.reported?.name.text, model.reported?.brand, model.reported?.source.rawValue,
            model.serial, record.architecture,
        ])
    }

    private static func save(_ required: RequiredInstall?, of device: DeviceID, in db: GRDB.Database) throws {
        guard let required else {
            return try db.cachedStatement(sql: "DELETE FROM required_installs WHERE device = ?").execute(arguments: [device.text])
        }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO required_installs
                    (device, request, attempts, last_sent, missing, state, message, since, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            device.text, required.request.id, required.request.attempts, required.request.lastSent, SnapNameList.text(required.missing),
            required.state.rawValue, required.message, required.since, required.changedAt,
        ])
    }
}
