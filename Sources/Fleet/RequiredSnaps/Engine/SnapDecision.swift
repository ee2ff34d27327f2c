import Snaps

/// What follows from something that an agent said.
struct SnapDecision: Equatable, Sendable {
    var send: [SnapRequest] = []
    /// Orders that were sent (again), to be stored behind.
    var sent: [SnapOrder] = []
    /// Orders that ended, to be stored.
    var finished: [SnapOrder] = []
    /// Whether the record is to be stored.
    var mustSave = false
}
