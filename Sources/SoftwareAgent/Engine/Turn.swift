/// What the agent is to do now.
public enum Turn: Equatable, Sendable {
    case step(Step)
    /// Nothing before this time, in milliseconds since 1970.
    case wait(until: Int64)
}
