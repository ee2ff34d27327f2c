import DeviceAuth
import Fleet
import GRDB
import UpdateTree

/// Registrations that wait or were rejected, in the table `registrations`.
extension SQLiteDevices {
    public func loadRegistrations() throws -> [Registration] {
        try queue.read { db in try Row.fetchAll(db, sql: "SELECT * FROM registrations").map(Self.registration) }
    }

    private static func registration(_ row: Row) throws -> Registration {
        Registration(
            id: try DeviceID(row["uuid"] as String), subject: row["subject"], key: try KeyFingerprint(hex: row["key_sha256"]),
            publicKeyPEM: row["pubkey"], channel: Channel(isProduction: row["is_prod"]),
            tag: try (row["tag"] as String?).map { try Tag($0) }, firstTry: row["first_try"], lastTry: row["last_try"],
            isRejected: row["rejected"])
    }

    public func save(_ registrations: [Registration]) async throws {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO registrations
                        (uuid, subject, pubkey, key_sha256, is_prod, tag, first_try, last_try, rejected)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for registration in registrations {
                try statement.execute(arguments: [
                    registration.id.text, registration.subject, registration.publicKeyPEM, registration.key.hex,
                    registration.channel.isProduction, registration.tag?.text, registration.firstTry, registration.lastTry,
                    registration.isRejected,
                ])
            }
        }
    }

    public func removeRegistrations(_ ids: [DeviceID]) async throws {
        try await write { db in for id in ids { try Self.removeRegistration(of: id, in: db) } }
    }

    public func accept(_ registrations: [Registration], at now: Int64) async throws {
        try await write { db in
            for registration in registrations {
                let device = registration.device(at: now)
                try Self.insert(device, publicKeyPEM: registration.publicKeyPEM, lastSeen: registration.lastTry, in: db)
                try Self.removeRegistration(of: registration.id, in: db)
            }
        }
    }

    static func removeRegistration(of id: DeviceID, in db: GRDB.Database) throws {
        try db.cachedStatement(sql: "DELETE FROM registrations WHERE uuid = ?").execute(arguments: [id.text])
    }
}
