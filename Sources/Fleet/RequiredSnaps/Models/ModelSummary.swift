import Snaps

/// One model in a list: what it requires, how many devices are of it, how many of these lack something.
public struct ModelSummary: Equatable, Sendable {
    public let name: ModelName
    public let required: Int
    public let devices: Int
    public let lacking: Int
    /// Devices that never published a list.
    public let unknown: Int
}
