/// What the server can order of a device's agent, by the word that goes over the wire.
public enum SnapAction: String, Codable, Sendable, CaseIterable {
    case list, install, remove, refresh, revert, enable, disable, conf, setconf, info, ack, server, device, start, stop, restart
    case logs, snapshot, user, unregister
    case switchChannel = "switch"
    /// Installs what the device's model requires; from the server only, never by an operator's order.
    case requiredInstall = "required-install"

    /// Whether an operator may order it.
    public var isForOperators: Bool { self != .requiredInstall }

    /// Whether it speaks of one snap.
    public var needsSnap: Bool {
        switch self {
        case .install, .remove, .refresh, .revert, .enable, .disable, .conf, .setconf, .info, .switchChannel: true
        default: false
        }
    }
}
