/// One update of a device, as the events with one correlation id tell it.
public struct UpdateAttempt: Equatable, Sendable {
    public enum Outcome: String, Sendable, CaseIterable {
        /// No end has come; perhaps none ever will.
        case running, succeeded, failed
        /// The events are none of an update.
        case unknown
    }

    public let correlation: CorrelationID
    /// The last target and version that the events name.
    public let target: String?
    public let version: String?
    /// By the device's clock, seconds since 1970: of the first event, and of the one that ended it.
    public let started: Int64?
    public let ended: Int64?
    public let outcome: Outcome
    /// What the event that failed says, cut to ``longestReason``.
    public let reason: String?
    public let events: [DeviceEvent]

    /// Bytes.
    public static let longestReason = 512

    public init(_ kept: CorrelatedEvents) {
        correlation = kept.correlation
        events = kept.events
        target = kept.events.compactMap(\.event.targetName).last
        version = kept.events.compactMap(\.event.version).last
        started = kept.events.first?.deviceTime.flatMap(DeviceTime.seconds)
        let outcome: Outcome =
            switch UpdateStatus.derived(from: kept.events) {
            case .unknown: .unknown
            case .idle: .succeeded
            case .updating: .running
            case .failed: .failed
            }
        self.outcome = outcome
        let isOver = outcome == .succeeded || outcome == .failed
        let last = isOver ? kept.events.last { $0.event.success == (outcome == .succeeded) } : nil
        ended = last?.deviceTime.flatMap(DeviceTime.seconds)
        let details = outcome == .failed ? last?.event.details : nil
        reason = details.map { String(decoding: $0.utf8.prefix(Self.longestReason), as: UTF8.self) }
    }
}
