/// How far one phase of a rollout is.
public struct PhaseProgress: Equatable, Sendable {
    /// 1 and up.
    public let number: Int
    public let plan: RolloutPhase
    /// Seconds since 1970.
    public internal(set) var openedAt: Int64?
    public internal(set) var gateMetAt: Int64?
    public internal(set) var counts = StageCounts()
    /// Failures that an operator knew of when the rollout was resumed: they do not pause it again.
    var acknowledged = 0

    init(number: Int, plan: RolloutPhase) {
        self.number = number
        self.plan = plan
    }

    /// Devices that count for the gate.
    public var size: Int { counts.total - counts.left }

    /// Of those, 0 to 100; an empty phase is done.
    public var percentSucceeded: Int { size == 0 ? 100 : counts[.succeeded] * 100 / size }

    var meetsGate: Bool { plan.gate.map { counts[.succeeded] * 100 >= $0 * size } ?? true }
    /// Whether it still could, if all that have not failed succeeded.
    var couldMeetGate: Bool { plan.gate.map { (size - counts.failures) * 100 >= $0 * size } ?? true }
}
