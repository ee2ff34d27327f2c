import Logging
import Synchronization

/// The log of the messaging: counts everything, and says each kind of trouble once in ten seconds at most.
public final class MessagingNotes: Sendable {
    /// What is counted.
    public enum Kind: String, Sendable, CaseIterable {
        case malformed = "mqtt_message_malformed"
        case empty = "mqtt_message_empty"
        case ignored = "mqtt_device_ignored"
        /// A device has more answers on their way than its share.
        case crowded = "mqtt_device_too_many_answers"
        case notStored = "mqtt_answer_not_stored"
        case notSent = "mqtt_request_not_sent"
        case dropped = "mqtt_messages_dropped"
    }

    private struct State {
        var notices: [Kind: BoundedNotice] = [:]
        var totals: [Kind: Int] = [:]
    }

    private let state = Mutex(State())
    private let logger: Logger

    public init(logger: Logger) { self.logger = logger }

    /// - Parameter reason: without what a device must not have logged; at most 300 characters are shown.
    func note(_ kind: Kind, _ reason: @autoclosure () -> String) {
        let count: Int? = state.withLock { state in
            state.totals[kind, default: 0] += 1
            return state.notices[kind, default: BoundedNotice()].note(at: .now)
        }
        guard let count else { return }
        let level: Logger.Level = kind == .empty || kind == .ignored ? .info : .warning
        logger.log(
            level: level, "\(kind.rawValue)", metadata: ["count": "\(count)", "latest": "\(String(reason().prefix(300)))"])
    }

    func say(_ event: String, _ metadata: Logger.Metadata, level: Logger.Level = .notice) {
        logger.log(level: level, "\(event)", metadata: metadata)
    }

    /// How often it happened since the start.
    public func total(_ kind: Kind) -> Int { state.withLock { $0.totals[kind] ?? 0 } }
}
