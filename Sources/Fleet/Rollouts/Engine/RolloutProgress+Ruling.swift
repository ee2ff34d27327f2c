/// What follows from the state of a running rollout and the time. Pure, and in constant time but for ``silent(at:)``.
///
/// Rules, the first that applies:
/// 1. Too many failures, in the phase or in all, pause it; failures that were known when it was resumed do not count as new.
/// 2. A gate that is met is noted, and one that is lost again.
/// 3. A gate that can no longer be met pauses it.
/// 4. A phase whose gate was met for its soak time is followed by the next, or by the pause that the plan asks for.
/// 5. When all phases are open and no device can bring news, it is completed; a dynamic one stays open for more devices.
extension RolloutProgress {
    public func ruling(at now: Int64) -> RolloutDecision? {
        guard state == .running, let phase = current else { return opening }
        return tooManyFailures(in: phase) ?? gate(of: phase) ?? next(after: phase, at: now) ?? completion
    }

    /// The first phase of a rollout that has begun.
    private var opening: RolloutDecision? {
        guard state == .running, hasStarted else { return nil }
        return RolloutDecision([.phase(1)], because: "the rollout began with \(devices.count) devices")
    }

    private func tooManyFailures(in phase: PhaseProgress) -> RolloutDecision? {
        let size = counts.total - counts.left
        if let limit = plan.errorLimit, counts.failures > acknowledged, limit.isExceeded(by: counts.failures, of: size) {
            return pausing(
                .errorLimit, "\(counts.failures) of \(size) devices failed, more than \(limit); the most frequent: \(commonFailure)")
        }
        // A device of an earlier phase may fail late: its phase's limit still holds.
        for open in phases.prefix(phase.number) {
            guard let limit = open.plan.errorLimit, open.counts.failures > open.acknowledged,
                limit.isExceeded(by: open.counts.failures, of: open.size)
            else { continue }
            return pausing(
                .phaseErrorLimit,
                "\(open.counts.failures) of \(open.size) devices of phase \(open.number) failed, more than \(limit); the most frequent: "
                    + commonFailure)
        }
        return nil
    }

    private var commonFailure: String {
        failures.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { "\($0.key) (\($0.value))" } ?? "unknown"
    }

    private func pausing(_ rule: Pause.Rule, _ sentence: String) -> RolloutDecision {
        RolloutDecision([.paused(Pause(.rule(rule), sentence))], because: sentence)
    }

    private func gate(of phase: PhaseProgress) -> RolloutDecision? {
        guard let gate = phase.plan.gate else { return nil }
        let stand = "phase \(phase.number): \(phase.counts[.succeeded]) of \(phase.size) devices succeeded, \(phase.percentSucceeded) %"
        if phase.meetsGate, phase.gateMetAt == nil {
            return RolloutDecision([.gate(phase.number, isMet: true)], because: "\(stand), the gate is \(gate) %")
        }
        if !phase.meetsGate, phase.gateMetAt != nil {
            return RolloutDecision([.gate(phase.number, isMet: false)], because: "\(stand), less than the gate of \(gate) %")
        }
        guard !phase.couldMeetGate, phase.counts.failures > phase.acknowledged else { return nil }
        return pausing(.gate, "\(stand) and \(phase.counts.failures) failed: the gate of \(gate) % can no longer be met")
    }

    private func next(after phase: PhaseProgress, at now: Int64) -> RolloutDecision? {
        guard let met = phase.gateMetAt, phase.number < phases.count else { return nil }
        let soak = phase.plan.soak?.seconds ?? 0
        guard now >= met + soak else { return nil }
        let stand =
            "phase \(phase.number) is done: \(phase.percentSucceeded) % succeeded"
            + (soak > 0 ? ", and it soaked for \(TimeSpan(seconds: soak))" : "")
        if phase.plan.then == .pause, pausedAfter < phase.number {
            return pausing(.plan, "\(stand); the plan pauses here")
        }
        return RolloutDecision([.phase(phase.number + 1)], because: stand)
    }

    private var completion: RolloutDecision? {
        guard hasOpenedAll, openCount == 0, plan.targets?.isDynamic != true, !devices.isEmpty else { return nil }
        return RolloutDecision(
            [.completed],
            because: "no device can bring news: \(counts[.succeeded]) succeeded, \(counts.failures) failed, \(counts.left) left")
    }

    /// Devices whose silence has lasted to the deadline, at most `limit`. Looks at every device.
    func silent(at now: Int64, limit: Int) -> (decision: RolloutDecision?, next: Int64?) {
        guard let deadline = plan.deadline?.seconds, state.isUnderway else { return (nil, nil) }
        var lines: [RolloutLine] = []
        var next: Int64?
        for device in devices where device.stage.isUnderway || device.stage == .failed && !device.gaveUp {
            let end = device.lastNews + deadline
            if end > now || lines.count >= limit {
                next = min(next ?? end, end)
            } else {
                lines.append(.timedOut(device.id))
            }
        }
        guard !lines.isEmpty else { return (nil, next) }
        return (RolloutDecision(lines, because: "\(lines.count) devices were silent for \(TimeSpan(seconds: deadline))"), next)
    }
}
