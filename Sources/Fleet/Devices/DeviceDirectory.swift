import DeviceAuth
import Synchronization

/// All known devices, in memory. Asked once per connection and by operators, never per request.
public final class DeviceDirectory: Sendable {
    private let entries: Mutex<[DeviceID: DeviceEntry]>

    public init(_ entries: [DeviceEntry] = []) {
        self.entries = Mutex(Dictionary(entries.map { ($0.id, $0) }) { first, _ in first })
    }

    public subscript(id: DeviceID) -> DeviceEntry? { entries.withLock { $0[id] } }

    public var count: Int { entries.withLock { $0.count } }

    /// A copy of all entries, in no order.
    public var all: [DeviceEntry] { entries.withLock { Array($0.values) } }

    /// Adds an entry, or returns the one that was added before.
    func insert(_ entry: DeviceEntry) -> DeviceEntry {
        entries.withLock { entries in
            if let present = entries[entry.id] { return present }
            entries[entry.id] = entry
            return entry
        }
    }
}
