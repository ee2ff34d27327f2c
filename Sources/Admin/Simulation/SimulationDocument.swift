import DeviceAuth
import Fleet

/// What a rollout would do, as the API shows it.
struct SimulationDocument: Encodable, Sendable {
    /// Devices of one kind: how many, and the first of them.
    struct Devices: Encodable, Sendable {
        let count: Int
        let first: [DeviceID]

        init(_ devices: [DeviceID]) {
            count = devices.count
            first = Array(devices.sorted().prefix(SimulationDocument.mostNamed))
        }
    }

    struct Conflict: Encodable, Sendable {
        let rollout: String
        let devices: Devices
    }

    struct Phase: Encodable, Sendable {
        let number: Int
        let name: Nullable<String>
        let devices: Int
        let opensAt: Nullable<Timestamp>
        /// From its opening until its gate and its soak time are over.
        let hours: Nullable<Double>
        let endsAt: Nullable<Timestamp>
        let succeeding: Int
    }

    struct Warning: Encodable, Sendable {
        let slug: String
        let sentence: String
    }

    /// Devices of each kind that are named; all are counted.
    static let mostNamed = 100

    let matched: Int
    let excluded: [String: Int]
    let conflicts: [Conflict]
    let present: Int
    let held: Devices
    let beginsAt: Timestamp
    let endsAt: Nullable<Timestamp>
    /// From now.
    let hours: Nullable<Double>
    let phases: [Phase]
    let bytes: Nullable<Int64>
    let misses: [String: Devices]
    let warnings: [Warning]

    init(_ outlook: RolloutOutlook, now: Int64) {
        let simulation = outlook.simulation
        matched = outlook.matched
        excluded = Dictionary(uniqueKeysWithValues: outlook.excluded.map { ($0.key.rawValue, $0.value) })
        conflicts = outlook.conflicts.sorted { $0.key.text < $1.key.text }
            .map { Conflict(rollout: $0.key.text, devices: Devices($0.value)) }
        present = simulation.present
        held = Devices(simulation.held)
        beginsAt = Timestamp(simulation.beginsAt)
        endsAt = Nullable(simulation.endsAt.map(Timestamp.init))
        hours = Nullable(simulation.endsAt.map { Self.hours($0 - now) })
        phases = simulation.phases.map(Phase.init)
        bytes = Nullable(simulation.bytes)
        misses = Dictionary(
            uniqueKeysWithValues: RolloutSimulation.Miss.allCases.map { ($0.rawValue, Devices(simulation.misses[$0] ?? [])) })
        warnings = simulation.warnings.map { Warning(slug: $0.slug.rawValue, sentence: $0.sentence) }
    }

    /// To a tenth.
    static func hours(_ seconds: Int64) -> Double { Double((seconds + 180) / 360) / 10 }
}

extension SimulationDocument.Phase {
    init(_ phase: RolloutSimulation.Phase) {
        var hours: Double?
        if let opened = phase.opensAt, let ended = phase.endsAt { hours = SimulationDocument.hours(ended - opened) }
        self.init(
            number: phase.number, name: Nullable(phase.name), devices: phase.devices, opensAt: Nullable(phase.opensAt.map(Timestamp.init)),
            hours: Nullable(hours), endsAt: Nullable(phase.endsAt.map(Timestamp.init)), succeeding: phase.succeeding)
    }
}
