import DeviceAuth

/// The events of one update of a device, oldest first.
public struct CorrelatedEvents: Equatable, Sendable {
    public let correlation: CorrelationID
    public let events: [DeviceEvent]

    public init(correlation: CorrelationID, events: [DeviceEvent]) {
        self.correlation = correlation
        self.events = events
    }
}

/// The events that are kept of devices.
public protocol EventHistory: Sendable {
    /// What is kept of a device; those of which one came last stand at the end.
    func events(of device: DeviceID) async throws -> [CorrelatedEvents]
    /// When the last event of each device was written, seconds since 1970.
    func lastWrites() async throws -> [(device: DeviceID, at: Int64)]
}
