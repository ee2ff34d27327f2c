/// Devices that were found, in their order. Their states are those of the moment when they were asked for.
public struct DeviceSelection: RandomAccessCollection, Sendable {
    let devices: [IndexedDevice]

    public var startIndex: Int { 0 }
    public var endIndex: Int { devices.count }
    public subscript(position: Int) -> DeviceFacts { devices[position].facts }
}

/// A device as it was when the index looked at it last.
final class IndexedDevice: Sendable {
    let entry: DeviceEntry
    let revision: UInt64
    let state: DeviceState

    init(_ entry: DeviceEntry) {
        self.entry = entry
        // First the number, then the state: when it changes in between, the number is too small and it is looked at anew.
        revision = entry.revision
        state = entry.state
    }

    var isCurrent: Bool { entry.revision == revision }
    var facts: DeviceFacts { DeviceFacts(state: state, lastSeen: entry.lastSeen) }
}
