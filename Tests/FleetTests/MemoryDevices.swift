import DeviceAuth
import Fleet
import Synchronization
import UpdateTree

/// The stand-in for the table of devices. What it holds outlives the objects above it, like a disk.
final class MemoryDevices: DeviceRepository {
    struct Row: Equatable {
        var state: DeviceState
        var lastSeen: Int64
        var publicKeyPEM: String?
    }

    private let rows = Mutex<[DeviceID: Row]>([:])
    private let fault: Mutex<Fault>

    init(fault: Fault = Fault()) { self.fault = Mutex(fault) }

    func use(_ fault: Fault) { self.fault.withLock { $0 = fault } }

    subscript(id: DeviceID) -> Row? { rows.withLock { $0[id] } }

    private func write(_ body: (inout [DeviceID: Row]) -> Void) throws {
        try fault.withLock { $0 }.write { rows.withLock { body(&$0) } }
    }

    private func change(_ id: DeviceID, _ body: (inout Row) -> Void) throws {
        try write { rows in if rows[id] != nil { body(&rows[id]!) } }
    }

    func loadAll() -> [(state: DeviceState, lastSeen: Int64)] { rows.withLock { $0.values.map { ($0.state, $0.lastSeen) } } }

    func add(_ devices: [DeviceState], publicKeyPEM: String?) async throws {
        // Others may run between the call and the write, as with a real disk.
        await Task.yield()
        try write { rows in
            for device in devices where rows[device.id] == nil {
                rows[device.id] = Row(state: device, lastSeen: publicKeyPEM == nil ? 0 : device.createdAt, publicKeyPEM: publicKeyPEM)
            }
        }
        await Task.yield()
    }

    func pin(_ key: KeyFingerprint, publicKeyPEM: String, of id: DeviceID) async throws {
        try change(id) {
            $0.state.key = key
            $0.state.allowsNewKey = false
            $0.publicKeyPEM = publicKeyPEM
        }
    }

    func allowNewKey(of id: DeviceID) async throws { try change(id) { $0.state.allowsNewKey = true } }

    func setDenied(_ denied: Bool, of id: DeviceID) async throws {
        await Task.yield()
        try change(id) { $0.state.isDenied = denied }
        await Task.yield()
    }

    func markDeleted(_ id: DeviceID) async throws {
        try change(id) {
            $0.state = DeviceState(id: id, isDeleted: true, channel: $0.state.channel, createdAt: $0.state.createdAt)
            $0.publicKeyPEM = nil
        }
    }

    func restore(_ id: DeviceID) async throws { try change(id) { $0.state.isDeleted = false } }

    func assign(_ name: UpdateName?, to ids: [DeviceID]) async throws {
        await Task.yield()
        try write { rows in
            for id in ids where rows[id]?.state.isDeleted == false { rows[id]?.state.updateName = name }
        }
        await Task.yield()
    }

    func save(_ checkIns: [CheckInRecord]) async throws {
        try write { rows in
            for checkIn in checkIns where rows[checkIn.state.id]?.state.isDeleted == false {
                rows[checkIn.state.id]?.state.tag = checkIn.state.tag
                rows[checkIn.state.id]?.lastSeen = checkIn.lastSeen
            }
        }
    }

    func publicKeyPEM(of id: DeviceID) async throws -> String? { self[id]?.publicKeyPEM }
}
