import GRDB

/// The tables, one step after the other. A step that was released is never changed.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 devices") { db in
            // The columns up to `apps` are those of the requirement; the rest is ours.
            try db.execute(
                sql: """
                    CREATE TABLE devices (
                        uuid VARCHAR(48) NOT NULL PRIMARY KEY,
                        pubkey TEXT,
                        deleted BOOL,
                        is_prod BOOL,
                        created_at INT,
                        last_seen INT,
                        tag VARCHAR(80),
                        update_name VARCHAR(80),
                        target_name VARCHAR(80),
                        ostree_hash VARCHAR(80),
                        apps JSON,
                        key_sha256 VARCHAR(64),
                        key_change_allowed BOOL NOT NULL DEFAULT 0,
                        denied BOOL NOT NULL DEFAULT 0
                    )
                    """)
        }
        migrator.registerMigration("1 tokens") { db in
            try db.execute(
                sql: """
                    CREATE TABLE tokens (
                        id VARCHAR(12) NOT NULL PRIMARY KEY,
                        secret_sha256 BLOB NOT NULL,
                        scopes TEXT NOT NULL,
                        description TEXT NOT NULL,
                        created_at INT NOT NULL,
                        expires_at INT
                    )
                    """)
        }
        migrator.registerMigration("2 certificate ends") { db in
            try db.execute(sql: "ALTER TABLE devices ADD COLUMN certificate_ends INT")
        }
        migrator.registerMigration("3 inventory") { db in
            // `group` is a word of SQL.
            for column in ["name VARCHAR(80)", "device_group VARCHAR(64)", "labels JSON", "hardware_id VARCHAR(80)", "status VARCHAR(16)"] {
                try db.execute(sql: "ALTER TABLE devices ADD COLUMN \(column)")
            }
        }
        migrator.registerMigration("3 registrations") { db in
            try db.execute(
                sql: """
                    CREATE TABLE registrations (
                        uuid VARCHAR(48) NOT NULL PRIMARY KEY,
                        subject TEXT NOT NULL,
                        pubkey TEXT NOT NULL,
                        key_sha256 VARCHAR(64) NOT NULL,
                        is_prod BOOL NOT NULL,
                        tag VARCHAR(80),
                        first_try INT NOT NULL,
                        last_try INT NOT NULL,
                        rejected BOOL NOT NULL DEFAULT 0
                    )
                    """)
        }
        migrator.registerMigration("3 stop mark") { db in
            try db.execute(sql: "CREATE TABLE marks (name VARCHAR(32) NOT NULL PRIMARY KEY, value INT NOT NULL)")
        }
        migrator.registerMigration("4 contact hours") { db in
            try db.execute(sql: "ALTER TABLE devices ADD COLUMN contact_hours INT")
        }
        migrator.registerMigration("5 required snaps") { db in try SnapTables.make(in: db) }
        migrator.registerMigration("5 enrolments") { db in
            try db.execute(
                sql: """
                    CREATE TABLE enrolments (
                        uuid VARCHAR(48) NOT NULL PRIMARY KEY,
                        brand VARCHAR(32) NOT NULL,
                        model VARCHAR(80) NOT NULL,
                        serial VARCHAR(128) NOT NULL,
                        organization VARCHAR(64) NOT NULL,
                        is_prod BOOL NOT NULL,
                        registered_at INT NOT NULL,
                        enrolled_at INT,
                        device_key VARCHAR(64),
                        UNIQUE (brand, model, serial)
                    )
                    """)
        }
        return migrator
    }
}
