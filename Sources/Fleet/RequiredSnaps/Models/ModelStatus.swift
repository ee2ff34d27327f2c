import Snaps

/// Who of a model lacks what.
public struct ModelStatus: Equatable, Sendable {
    public let summary: ModelSummary
    /// How many devices lack each required snap, in the order of the requirements.
    public let lackedBy: [(snap: SnapName, devices: Int)]
    /// One page, by device id: those that lack something, or never published a list.
    public let devices: [SnapDeviceStatus]
    /// Whether more follow.
    public let hasMore: Bool

    public static func == (left: ModelStatus, right: ModelStatus) -> Bool {
        left.summary == right.summary && left.devices == right.devices && left.hasMore == right.hasMore
            && left.lackedBy.map(\.snap) == right.lackedBy.map(\.snap) && left.lackedBy.map(\.devices) == right.lackedBy.map(\.devices)
    }
}
