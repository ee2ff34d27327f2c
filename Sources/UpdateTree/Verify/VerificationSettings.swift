/// How strictly and with how many hands an update is checked.
public struct VerificationSettings: Sendable {
    /// Metadata that expire within this time are refused: a device could not use the update by the time it gets it.
    public var horizon: Duration = .seconds(86_400)
    /// Metadata that expire within this time are warned about.
    public var warningHorizon: Duration = .seconds(30 * 86_400)
    /// As many threads check at once.
    public var workers: Int

    public init(workers: Int) { self.workers = max(1, workers) }
}
