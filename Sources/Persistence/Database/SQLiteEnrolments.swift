import DeviceAuth
import Fleet
import GRDB
import Snaps
import UpdateTree

/// Keeps devices that may enrol, and those that did, in the table `enrolments`.
public struct SQLiteEnrolments: EnrolmentRepository {
    private let queue: DatabaseQueue

    public init(_ database: Database) { queue = database.queue }

    public func find(_ subject: EnrolmentSubject) async throws -> EnrolmentRecord? {
        try await queue.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM enrolments WHERE brand = ? AND model = ? AND serial = ?",
                arguments: [subject.brand.text, subject.model.text, subject.serial.text]
            ).map(Self.record)
        }
    }

    public func find(_ device: DeviceID) async throws -> EnrolmentRecord? {
        try await queue.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM enrolments WHERE uuid = ?", arguments: [device.text]).map(Self.record)
        }
    }

    public func page(after device: DeviceID?, limit: Int) async throws -> [EnrolmentRecord] {
        try await queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM enrolments WHERE uuid > ? ORDER BY uuid LIMIT ?", arguments: [device?.text ?? "", limit]
            ).map(Self.record)
        }
    }

    public func add(_ record: EnrolmentRecord) async throws -> Bool {
        let state = Self.columns(record.state)
        return try await change(
            """
            INSERT INTO enrolments (uuid, brand, model, serial, organization, is_prod, registered_at, enrolled_at, device_key)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [
                record.device.text, record.subject.brand.text, record.subject.model.text, record.subject.serial.text,
                record.organization.text, record.channel.isProduction, record.registeredAt, state.enrolledAt, state.deviceKey,
            ])
    }

    public func replace(_ record: EnrolmentRecord) async throws -> Bool {
        let state = Self.columns(record.state)
        return try await change(
            """
            UPDATE enrolments SET organization = ?, is_prod = ?, registered_at = ?, enrolled_at = ?, device_key = ?
            WHERE uuid = ? AND brand = ? AND model = ? AND serial = ?
            """,
            [
                record.organization.text, record.channel.isProduction, record.registeredAt, state.enrolledAt, state.deviceKey,
                record.device.text, record.subject.brand.text, record.subject.model.text, record.subject.serial.text,
            ])
    }

    public func remove(_ device: DeviceID) async throws -> Bool {
        try await change("DELETE FROM enrolments WHERE uuid = ?", [device.text])
    }

    /// Whether a row was changed.
    private func change(_ sql: String, _ arguments: StatementArguments) async throws -> Bool {
        try await queue.write { db in
            try db.execute(sql: sql, arguments: arguments)
            return db.changesCount > 0
        }
    }

    private static func columns(_ state: EnrolmentRecord.State) -> (enrolledAt: Int64?, deviceKey: String?) {
        switch state {
        case .waiting: (nil, nil)
        case .enrolled(let time, let key): (time, key.text)
        }
    }

    private static func record(_ row: Row) throws -> EnrolmentRecord {
        var state = EnrolmentRecord.State.waiting
        if let time = row["enrolled_at"] as Int64? {
            state = .enrolled(at: time, deviceKey: try SnapDigest(row["device_key"] as String? ?? ""))
        }
        return EnrolmentRecord(
            try EnrolmentSubject(brand: row["brand"], model: row["model"], serial: row["serial"]),
            device: try DeviceID(row["uuid"] as String),
            organization: try OrganizationName(row["organization"]), channel: Channel(isProduction: row["is_prod"]),
            registeredAt: row["registered_at"], state: state)
    }
}
