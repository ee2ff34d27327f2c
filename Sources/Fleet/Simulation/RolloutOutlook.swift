import DeviceAuth
import UpdateTree

/// What a rollout that was not made would do: for whom, and how it would go.
public struct RolloutOutlook: Sendable {
    /// Devices that were named, or that the plan's targets match.
    public let matched: Int
    /// Of those, the ones that cannot take part.
    public let excluded: [Rollout.Skipped.Reason: Int]
    /// Devices that another rollout is not done with: without takeOver the start is refused. The simulation has them.
    public let conflicts: [RolloutID: [DeviceID]]
    public let simulation: RolloutSimulation
}

extension RolloutOperations {
    /// Against the devices as they are now. Changes nothing.
    ///
    /// - Parameters:
    ///   - named: when the plan has no targets.
    ///   - bytes: what a device that runs this target would be sent; nil when that is not known.
    public func simulate(
        _ update: UpdateKey, plan: RolloutPlan, for named: [DeviceID], bytes: @Sendable (String?) -> Int64?
    ) throws -> RolloutOutlook {
        try plan.validate()
        try requireUpdate(update)
        let matched = try plan.targets.map { try everyMatch(of: $0) } ?? Array(Set(named))
        try refuseTooMany(matched.count)
        let (takers, skipped) = divide(matched, for: update)
        let conflicts = Dictionary(grouping: board.conflicts(of: takers, with: RolloutID.make(at: now())), by: \.rollout)
        let targets = updates.targets(update)
        let devices = takers.compactMap { id -> SimulatedDevice? in
            guard let entry = registry.directory[id] else { return nil }
            let state = entry.state
            let eligibility = Eligibility.of(state, for: update, targets: targets, minVersion: plan.minVersion)
            return SimulatedDevice(entry, eligibility: eligibility, target: state.targetName)
        }
        return RolloutOutlook(
            matched: matched.count, excluded: Dictionary(skipped.map { ($0.reason, 1) }, uniquingKeysWith: +),
            conflicts: conflicts.mapValues { $0.map(\.device).sorted() },
            simulation: RolloutSimulation(plan, devices: devices, bytes: bytes, at: now()))
    }

    /// Also those of another channel or tag: they are told as excluded.
    private func everyMatch(of targets: RolloutTargets) throws -> [DeviceID] {
        let match = try TargetMatch(targets)
        let moment = now()
        return registry.directory.all.filter { entry in
            let state = entry.state
            return !state.isDeleted && match.holds(for: entry, state, now: moment)
        }.map(\.id)
    }
}
