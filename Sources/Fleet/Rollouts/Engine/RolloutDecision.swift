/// What the engine decides next: facts to be stored, and why. Nothing is done before they are stored.
public struct RolloutDecision: Equatable, Sendable {
    public var lines: [RolloutLine]
    /// One sentence for the file of decisions.
    public var because: String

    public init(_ lines: [RolloutLine], because: String) {
        self.lines = lines
        self.because = because
    }
}
