import DeviceAuth

/// The devices that a bulk action is for.
public enum BulkTarget: Sendable {
    /// All of them must be known.
    case devices([DeviceID])
    /// Those that are not deleted and pass the test.
    case matching(@Sendable (DeviceEntry) -> Bool)
}
