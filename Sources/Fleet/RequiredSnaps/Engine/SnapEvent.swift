import Snaps

/// What a device's agent said.
enum SnapEvent: Sendable {
    case heartbeat(Heartbeat)
    /// A published list, after it was stored.
    case list(SnapList)
    case answer(SnapAnswer)
}
