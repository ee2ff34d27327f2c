/// A part of a sorted list of devices.
public struct DevicePage: Sendable {
    public let devices: DeviceSelection
    /// The place of the last one; nil when there is no more.
    public let next: DevicePlace?
}
