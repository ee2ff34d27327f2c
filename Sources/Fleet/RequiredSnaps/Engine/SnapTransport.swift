import Snaps

/// How requests reach a device's agent.
public enum SnapTransport: Sendable {
    /// In the answer to the device's own call. An agent of ours does the same id once, so anything may be asked again.
    case https
    /// Through a broker that keeps the message until it is taken. Agents that do not know an id again are not asked twice for what would be
    /// done twice.
    case mqtt

    func mayRepeat(_ action: SnapAction) -> Bool { self == .https || action.isIdempotent }
}

extension SnapAction {
    /// Whether doing it twice comes to the same as doing it once.
    var isIdempotent: Bool {
        switch self {
        case .revert, .snapshot, .user, .unregister, .restart: false
        default: true
        }
    }
}
