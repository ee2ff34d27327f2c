import DeviceAuth
import Fleet
import GRDB
import Snaps

/// What operators ordered and how it went, in the table `snap_orders`. Its numbers go up in the order of arrival.
extension SQLiteSnaps {
    public func loadOpenOrders() throws -> [SnapOrder] {
        try queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM snap_orders WHERE outcome IS NULL ORDER BY number").map(Self.order)
        }
    }

    public func orders(of device: DeviceID, limit: Int) async throws -> [SnapOrder] {
        try await queue.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM snap_orders WHERE device = ? ORDER BY number DESC LIMIT ?", arguments: [device.text, limit]
            ).map(Self.order)
        }
    }

    private static func order(_ row: Row) throws -> SnapOrder {
        guard let action = SnapAction(rawValue: row["action"]) else { throw corrupt("an order of an unknown action") }
        return SnapOrder(
            device: try DeviceID(row["device"] as String), action: action, snap: try (row["snap"] as String?).map { try SnapName($0) },
            data: row["data"], by: row["ordered_by"], createdAt: row["created_at"],
            request: SentRequest(id: row["id"], attempts: row["attempts"], lastSent: row["last_sent"]), outcome: try outcome(row))
    }

    private static func outcome(_ row: Row) throws -> SnapOrder.Outcome? {
        guard let word = row["outcome"] as String? else { return nil }
        guard let kind = SnapOrder.Outcome.Kind(rawValue: word) else { throw corrupt("an order with an unknown outcome") }
        return SnapOrder.Outcome(kind: kind, message: row["message"] ?? "", result: row["result"], at: row["ended_at"] ?? 0)
    }

    public func add(_ order: SnapOrder) async throws {
        try await write { db in
            guard try !Self.isDeleted(order.device, in: db) else { return }
            try db.cachedStatement(
                sql: """
                    INSERT INTO snap_orders (device, id, action, snap, data, ordered_by, created_at, attempts, last_sent)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, id) DO NOTHING
                    """
            ).execute(arguments: [
                order.device.text, order.id, order.action.rawValue, order.snap?.text, order.data, order.by, order.createdAt,
                order.request.attempts, order.request.lastSent,
            ])
        }
    }

    static func save(sent orders: [SnapOrder], in db: GRDB.Database) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE snap_orders SET attempts = ?, last_sent = ? WHERE device = ? AND id = ? AND outcome IS NULL")
        for order in orders {
            try statement.execute(arguments: [order.request.attempts, order.request.lastSent, order.device.text, order.id])
        }
    }

    public func finish(_ orders: [SnapOrder]) async throws {
        try await write { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE snap_orders SET outcome = ?, message = ?, result = ?, ended_at = ?
                    WHERE device = ? AND id = ? AND outcome IS NULL
                    """)
            for order in orders {
                guard let outcome = order.outcome else { continue }
                try statement.execute(arguments: [
                    outcome.kind.rawValue, outcome.message, outcome.result, outcome.at, order.device.text, order.id,
                ])
            }
            for device in Set(orders.map(\.device)) { try Self.prune(device, in: db) }
        }
    }

    private static func prune(_ device: DeviceID, in db: GRDB.Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM snap_orders WHERE number IN (
                    SELECT number FROM snap_orders WHERE device = ? AND outcome IS NOT NULL ORDER BY number DESC LIMIT -1 OFFSET ?)
                """
        ).execute(arguments: [device.text, SnapOrder.mostKept])
    }
}
