import DeviceAuth
import Fleet
import Foundation
import GRDB
import UpdateTree

/// Keeps devices in the table `devices`. Writes that wait at the same time share one transaction and one sync.
public final class SQLiteDevices: DeviceRepository {
    private struct Job: Sendable {
        let body: @Sendable (GRDB.Database) throws -> Void
        let done: @Sendable (Result<Void, any Error>) -> Void
    }

    private let queue: DatabaseQueue
    private let group: GroupCommit<Job>

    public init(_ database: Database) {
        let queue = database.queue
        self.queue = queue
        group = GroupCommit(label: "otaserve.devices") { jobs in Self.commit(jobs, to: queue) }
    }

    private static func commit(_ jobs: [Job], to queue: DatabaseQueue) {
        do {
            let outcomes = try queue.write { db in try jobs.map { try attempt($0, in: db) } }
            for (job, outcome) in zip(jobs, outcomes) { job.done(outcome) }
        } catch {
            for job in jobs { job.done(.failure(storageError(error))) }
        }
    }

    /// A savepoint each: a job that fails takes nothing of its neighbours with it.
    /// SQLite gives up the whole transaction when the disk is full; then all of them fail, and this throws.
    private static func attempt(_ job: Job, in db: GRDB.Database) throws -> Result<Void, any Error> {
        do {
            try db.inSavepoint {
                try job.body(db)
                return .commit
            }
            return .success(())
        } catch {
            guard db.isInsideTransaction else { throw error }
            return .failure(storageError(error))
        }
    }

    private static func storageError(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        return error.resultCode == .SQLITE_FULL
            ? PersistenceError(.storageFull, "the disk of db.sqlite is full; free some space")
            : PersistenceError(.storage, "db.sqlite refused a write: \(error.resultCode) \(error.message ?? "")")
    }

    private func write(_ body: @escaping @Sendable (GRDB.Database) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            group.submit(Job(body: body, done: { continuation.resume(with: $0) }))
        }
    }

    // MARK: Reading

    public func loadAll() throws -> [(state: DeviceState, lastSeen: Int64)] {
        try queue.read { db in
            var devices: [(state: DeviceState, lastSeen: Int64)] = []
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT uuid, deleted, is_prod, created_at, last_seen, tag, update_name, target_name, ostree_hash,
                           apps, key_sha256, key_change_allowed, denied, certificate_ends
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
            certificateEnds: row[13])
        return (state, row[4] ?? 0)
    }

    public func publicKeyPEM(of id: DeviceID) async throws -> String? {
        try await queue.read { db in
            try String.fetchOne(db, sql: "SELECT pubkey FROM devices WHERE uuid = ?", arguments: [id.text])
        }
    }

    // MARK: Writing

    public func add(_ devices: [DeviceState], publicKeyPEM: String?) async throws {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO devices (uuid, pubkey, deleted, is_prod, created_at, last_seen, tag, key_sha256)
                    VALUES (?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING
                    """)
            for device in devices {
                try statement.execute(arguments: [
                    device.id.text, publicKeyPEM, device.channel.isProduction, device.createdAt,
                    publicKeyPEM == nil ? 0 : device.createdAt, device.tag?.text, device.key?.hex,
                ])
            }
        }
    }

    public func pin(_ key: KeyFingerprint, publicKeyPEM: String, of id: DeviceID) async throws {
        try await update(id, "pubkey = ?, key_sha256 = ?, key_change_allowed = 0", [publicKeyPEM, key.hex])
    }

    public func allowNewKey(of id: DeviceID) async throws { try await update(id, "key_change_allowed = 1", []) }

    public func setDenied(_ denied: Bool, of id: DeviceID) async throws { try await update(id, "denied = ?", [denied]) }

    public func markDeleted(_ id: DeviceID) async throws {
        try await update(
            id,
            """
            deleted = 1, denied = 0, pubkey = NULL, key_sha256 = NULL, key_change_allowed = 0, tag = NULL,
            update_name = NULL, target_name = NULL, ostree_hash = NULL, apps = NULL, certificate_ends = NULL
            """, [])
    }

    public func restore(_ id: DeviceID) async throws { try await update(id, "deleted = 0", []) }

    private func update(_ id: DeviceID, _ assignments: String, _ values: [any DatabaseValueConvertible & Sendable]) async throws {
        try await write { db in
            try db.cachedStatement(sql: "UPDATE devices SET \(assignments) WHERE uuid = ?")
                .execute(arguments: StatementArguments(values) + [id.text])
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
                        certificate_ends = ?
                    WHERE uuid = ? AND NOT COALESCE(deleted, 0)
                    """)
            for checkIn in checkIns {
                let state = checkIn.state
                let apps = state.apps.isEmpty ? nil : String(decoding: try JSONEncoder().encode(state.apps), as: UTF8.self)
                try statement.execute(arguments: [
                    state.channel.isProduction, checkIn.lastSeen, state.tag?.text, state.targetName, state.ostreeHash,
                    apps, state.certificateEnds, state.id.text,
                ])
            }
        }
    }
}
