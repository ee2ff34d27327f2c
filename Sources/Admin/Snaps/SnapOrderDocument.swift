import Fleet
import Snaps

/// An order as the API shows it. Its `data` is not shown: there may be a secret in it, such as a value of `setconf`.
struct SnapOrderDocument: Encodable, Sendable {
    let id: String
    let action: String
    let snap: Nullable<String>
    let orderedBy: String
    let createdAt: Timestamp
    /// `waiting` until it was sent, `sent` until it has ended, then how it ended.
    let state: String
    let attempts: Int
    let lastSent: Nullable<Timestamp>
    let message: Nullable<String>
    /// The agent's result as JSON text.
    let result: Nullable<String>
    let endedAt: Nullable<Timestamp>

    init(_ order: SnapOrder) {
        id = order.id
        action = order.action.rawValue
        snap = Nullable(order.snap?.text)
        orderedBy = order.by
        createdAt = Timestamp(order.createdAt)
        state = order.outcome?.kind.rawValue ?? (order.request.attempts > 0 ? "sent" : "waiting")
        attempts = order.request.attempts
        lastSent = Nullable(order.request.attempts > 0 ? Timestamp(order.request.lastSent) : nil)
        message = Nullable(order.outcome?.message)
        result = Nullable(order.outcome?.result)
        endedAt = Nullable(order.outcome.map { Timestamp($0.at) })
    }
}
