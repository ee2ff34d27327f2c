import Fleet
import GRDB
import Snaps

/// Models and what they require, in the tables `models` and `required_snaps`.
extension SQLiteSnaps {
    public func loadModels() throws -> [ModelName: [SnapRequirement]] {
        try queue.read { db in
            var models: [ModelName: [SnapRequirement]] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT models.name, required_snaps.name, channel, classic, priority
                    FROM models LEFT JOIN required_snaps ON model_id = models.id ORDER BY models.name, required_snaps.name
                    """)
            while let row = try rows.next() {
                let model = try ModelName(row[0] as String)
                guard let snap = row[1] as String? else {
                    models[model] = []
                    continue
                }
                models[model, default: []].append(
                    try SnapRequirement(snap: SnapName(snap), channel: row[2], isClassic: row[3], priority: row[4]))
            }
            return models
        }
    }

    public func add(_ requirement: SnapRequirement, to model: ModelName) async throws {
        try await write { db in
            try db.cachedStatement(sql: "INSERT INTO models (name) VALUES (?) ON CONFLICT (name) DO NOTHING")
                .execute(arguments: [model.text])
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO required_snaps (model_id, name, channel, classic, priority)
                    SELECT id, ?, ?, ?, ? FROM models WHERE name = ?
                    """
            ).execute(arguments: [requirement.snap.text, requirement.channel, requirement.isClassic, requirement.priority, model.text])
        }
    }

    public func remove(_ snap: SnapName, from model: ModelName) async throws {
        try await write { db in
            try db.cachedStatement(
                sql: "DELETE FROM required_snaps WHERE name = ? AND model_id = (SELECT id FROM models WHERE name = ?)"
            ).execute(arguments: [snap.text, model.text])
        }
    }
}
