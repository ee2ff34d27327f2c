import Fleet

/// One phase of a rollout, and how far it is.
struct PhaseDocument: Encodable, Sendable {
    let number: Int
    let name: Nullable<String>
    /// Devices that count.
    let size: Int
    let openedAt: Nullable<Timestamp>
    /// Percent; null when the phase has no gate.
    let gate: Nullable<Int>
    let gateMetAt: Nullable<Timestamp>
    let percentSucceeded: Int
    let counts: [String: Int]

    init(_ phase: PhaseProgress) {
        number = phase.number
        name = Nullable(phase.plan.name)
        size = phase.size
        openedAt = Nullable(phase.openedAt.map(Timestamp.init))
        gate = Nullable(phase.plan.gate)
        gateMetAt = Nullable(phase.gateMetAt.map(Timestamp.init))
        percentSucceeded = phase.percentSucceeded
        counts = phase.counts.byName
    }
}

/// Devices that failed in the same way.
struct FailureDocument: Encodable, Sendable {
    let reason: String
    let devices: Int

    /// The most frequent first, at most `limit`.
    static func list(_ failures: [String: Int], limit: Int) -> [FailureDocument] {
        failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map { FailureDocument(reason: $0.key, devices: $0.value) }
    }
}

extension StageCounts {
    var byName: [String: Int] {
        Dictionary(uniqueKeysWithValues: DeviceStage.allCases.map { ($0.name, self[$0]) })
    }
}
