import DeviceAuth

/// What a bulk action did, or would do.
public struct BulkOutcome: Equatable, Sendable {
    /// Devices that the selection names.
    public let matched: Int
    /// Those that the action changes, in order of id; the others are so already.
    public let changed: [DeviceID]
}
