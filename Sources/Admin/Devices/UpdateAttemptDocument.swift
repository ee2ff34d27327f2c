import Fleet

/// One update of a device as the API shows it.
struct UpdateAttemptDocument: Encodable, Sendable {
    let correlationId: String
    let target: Nullable<String>
    let version: Nullable<String>
    /// By the device's clock.
    let started: Nullable<Timestamp>
    let ended: Nullable<Timestamp>
    let outcome: String
    let reason: Nullable<String>
    let events: [DeviceEvent]

    init(_ attempt: UpdateAttempt) {
        correlationId = attempt.correlation.text
        target = Nullable(attempt.target)
        version = Nullable(attempt.version)
        started = Nullable(attempt.started.map(Timestamp.init))
        ended = Nullable(attempt.ended.map(Timestamp.init))
        outcome = attempt.outcome.rawValue
        reason = Nullable(attempt.reason)
        events = attempt.events
    }
}
