/// How far a check or an import has come.
public struct VerificationProgress: Sendable {
    public enum Step: String, Sendable, CaseIterable {
        case receiving
        case copying
        case unpacking
        case metadata
        case objects
        case apps
        case snaps
        case sharing
        case syncing
    }

    public let step: Step
    /// Of this step; 0 when its size is not known.
    public let total: Int64
    public let done: Int64
    /// What `total` and `done` count.
    public let unit: Unit

    public enum Unit: String, Sendable { case bytes, files }

    public init(step: Step, done: Int64, total: Int64, unit: Unit) {
        self.step = step
        self.done = done
        self.total = total
        self.unit = unit
    }
}
