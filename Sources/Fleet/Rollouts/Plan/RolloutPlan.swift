/// How a rollout goes: for whom, in which phases, when, and when it stops by itself. Part of `rollout.json`.
///
/// A plain rollout has the plan ``plain``: all devices at once.
public struct RolloutPlan: Equatable, Sendable, Codable {
    public var targets: RolloutTargets?
    /// Empty: one phase with all devices.
    public var phases: [RolloutPhase]
    /// More failures than this in all pause the rollout.
    public var errorLimit: Share?
    /// A device that was offered the update and was not heard of for so long counts as failed.
    public var deadline: TimeSpan?
    public var window: TimeWindow?
    /// Seconds since 1970; a rollout that is started before waits for it.
    public var startAt: Int64?
    /// Of rollouts that are due at the same time the one with the higher priority starts first. -100 to 100.
    public var priority: Int
    /// Devices that may be updating at once.
    public var cap: Int?
    /// A second person must approve it before it starts.
    public var needsApproval: Bool
    /// Devices must run this version, or a later one, before they are offered the update.
    public var minVersion: Int?

    public static let mostDevices = 1_000_000
    public static let mostPhases = 32
    public static let plain = RolloutPlan()

    public init(
        targets: RolloutTargets? = nil, phases: [RolloutPhase] = [], errorLimit: Share? = nil, deadline: TimeSpan? = nil,
        window: TimeWindow? = nil, startAt: Int64? = nil, priority: Int = 0, cap: Int? = nil, needsApproval: Bool = false,
        minVersion: Int? = nil
    ) {
        self.targets = targets
        self.phases = phases
        self.errorLimit = errorLimit
        self.deadline = deadline
        self.window = window
        self.startAt = startAt
        self.priority = priority
        self.cap = cap
        self.needsApproval = needsApproval
        self.minVersion = minVersion
    }

    /// At least one.
    var steps: [RolloutPhase] { phases.isEmpty ? [RolloutPhase()] : phases }

    /// Throws when it cannot be carried out.
    public func validate() throws(FleetError) {
        func refuse(_ message: String) -> FleetError { FleetError(.planInvalid, message) }
        guard phases.count <= Self.mostPhases else { throw refuse("a rollout has at most \(Self.mostPhases) phases; join some") }
        for (index, phase) in phases.enumerated() {
            let number = index + 1
            if let gate = phase.gate, !(1...100).contains(gate) { throw refuse("phase \(number): the gate is 1 to 100 percent") }
            if let name = phase.name, name.utf8.count > 80 || name.contains(where: \.isNewline) {
                throw refuse("phase \(number): the name is one line of at most 80 bytes")
            }
            if phase.size == nil, number < phases.count { throw refuse("phase \(number): say its size; only the last takes what is left") }
        }
        if let cap, !(1...Self.mostDevices).contains(cap) { throw refuse("the cap is 1 to \(Self.mostDevices) devices at once") }
        if let deadline, deadline.seconds < 1 { throw refuse("the deadline is a second or more; leave it out for none") }
        guard (-100...100).contains(priority) else { throw refuse("the priority is -100 to 100") }
        if let targets { _ = try TargetMatch(targets) }
        if let minVersion, minVersion < 0 { throw refuse("requires.minVersion is a version number, 0 or more") }
    }

    /// How many of `total` devices each phase gets.
    func sizes(of total: Int) -> [Int] {
        var left = total
        var sizes: [Int] = []
        for (index, phase) in steps.enumerated() {
            let isLast = index == steps.count - 1
            let size = isLast ? left : min(left, phase.size?.devices(of: total) ?? left)
            sizes.append(size)
            left -= size
        }
        return sizes
    }
}
