/// One step of a rollout: how many devices, and what must hold before the next step begins.
public struct RolloutPhase: Equatable, Sendable, Codable {
    /// What follows a phase that went well.
    public enum Ending: String, Sendable, Codable {
        case next
        /// The rollout pauses until somebody resumes it.
        case pause
    }

    /// Shown with the phase's number.
    public var name: String?
    /// Of all devices of the rollout; nil is what is left. The last phase always takes what is left.
    public var size: Share?
    /// Percent of the phase's devices that must have succeeded; nil asks for none.
    public var gate: Int?
    /// How long the gate must have been met, or without a gate how long the phase must have been open.
    public var soak: TimeSpan?
    public var then: Ending?
    /// More failures than this in the phase pause the rollout.
    public var errorLimit: Share?

    public init(
        name: String? = nil, size: Share? = nil, gate: Int? = nil, soak: TimeSpan? = nil, then: Ending? = nil, errorLimit: Share? = nil
    ) {
        self.name = name
        self.size = size
        self.gate = gate
        self.soak = soak
        self.then = then
        self.errorLimit = errorLimit
    }
}
