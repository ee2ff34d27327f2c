import GRDB

/// The tables of required snaps. The first three are those of the requirement; the rest is ours.
enum SnapTables {
    /// Tables with what is known of a device, by its column `device`.
    static let ofDevices = ["heartbeat_hashes", "snap_devices", "snap_lists", "required_installs", "snap_orders"]

    /// A step of ``Migrations``: once released it is never changed.
    static func make(in db: GRDB.Database) throws {
        for table in [
            "CREATE TABLE models (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL UNIQUE)",
            """
            CREATE TABLE required_snaps (
                model_id INTEGER NOT NULL REFERENCES models (id),
                name VARCHAR(51) NOT NULL,
                channel VARCHAR(128),
                classic BOOL NOT NULL DEFAULT 0,
                priority INT NOT NULL DEFAULT 0,
                PRIMARY KEY (model_id, name)
            )
            """,
            """
            CREATE TABLE heartbeat_hashes (
                device VARCHAR(48) NOT NULL PRIMARY KEY,
                snapListHash VARCHAR(256) NOT NULL,
                installedSnapsHash VARCHAR(256) NOT NULL
            )
            """,
            """
            CREATE TABLE snap_devices (
                device VARCHAR(48) NOT NULL PRIMARY KEY,
                assigned_model VARCHAR(80),
                reported_model VARCHAR(80),
                reported_brand VARCHAR(128),
                reported_by VARCHAR(16),
                serial VARCHAR(128),
                architecture VARCHAR(128)
            )
            """,
            // The list stands last: who loads the names of all devices does not read through it.
            """
            CREATE TABLE snap_lists (
                device VARCHAR(48) NOT NULL PRIMARY KEY,
                received_at INT NOT NULL,
                names TEXT NOT NULL,
                list JSON NOT NULL
            )
            """,
            """
            CREATE TABLE required_installs (
                device VARCHAR(48) NOT NULL PRIMARY KEY,
                request VARCHAR(128) NOT NULL,
                attempts INT NOT NULL,
                last_sent INT NOT NULL,
                missing TEXT NOT NULL,
                state VARCHAR(16) NOT NULL,
                message TEXT NOT NULL,
                since INT NOT NULL,
                changed_at INT NOT NULL
            )
            """,
            """
            CREATE TABLE snap_orders (
                number INTEGER PRIMARY KEY,
                device VARCHAR(48) NOT NULL,
                id VARCHAR(128) NOT NULL,
                action VARCHAR(32) NOT NULL,
                snap VARCHAR(51),
                data TEXT,
                ordered_by TEXT NOT NULL,
                created_at INT NOT NULL,
                attempts INT NOT NULL,
                last_sent INT NOT NULL,
                outcome VARCHAR(16),
                message TEXT,
                result TEXT,
                ended_at INT,
                UNIQUE (device, id)
            )
            """,
            "CREATE INDEX open_snap_orders ON snap_orders (number) WHERE outcome IS NULL",
        ] {
            try db.execute(sql: table)
        }
    }
}
