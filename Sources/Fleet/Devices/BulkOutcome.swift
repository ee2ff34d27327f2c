import DeviceAuth

/// What a bulk action did, or would do.
public struct BulkOutcome: Equatable, Sendable {
    /// Devices that the selection names.
    public let matched: Int
    /// Those that the action changes, in order of id; the others are so already.
    public let changed: [DeviceID]
}

/// The devices that a bulk action is for.
public enum DeviceSelection: Sendable {
    /// All of them must be known.
    case devices([DeviceID])
    /// Those that are not deleted and pass the test.
    case matching(@Sendable (DeviceEntry) -> Bool)
}
