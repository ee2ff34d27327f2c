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
    private let waiting = Mutex<[DeviceID: Registration]>([:])
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
            waiting.withLock { waiting in for device in devices { waiting[device.id] = nil } }
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

    private func change(_ ids: [DeviceID], _ body: (inout Row) -> Void) async throws {
        await Task.yield()
        try write { rows in for id in ids where rows[id] != nil { body(&rows[id]!) } }
        await Task.yield()
    }

    func setDenied(_ denied: Bool, of ids: [DeviceID]) async throws { try await change(ids) { $0.state.isDenied = denied } }

    func markDeleted(_ ids: [DeviceID]) async throws {
        try await change(ids) {
            $0.state = DeviceState(id: $0.state.id, isDeleted: true, channel: $0.state.channel, createdAt: $0.state.createdAt)
            $0.publicKeyPEM = nil
        }
    }

    func restore(_ ids: [DeviceID]) async throws {
        try await change(ids) {
            $0.state.isDeleted = false
            $0.state.isDenied = false
        }
    }

    func setAttributes(_ states: [DeviceState]) async throws {
        let byID = Dictionary(uniqueKeysWithValues: states.map { ($0.id, $0) })
        try await change(states.map(\.id)) { row in
            guard let state = byID[row.state.id], !row.state.isDeleted else { return }
            row.state.name = state.name
            row.state.group = state.group
            row.state.labels = state.labels
        }
    }

    func loadRegistrations() -> [Registration] { waiting.withLock { Array($0.values) } }

    func save(_ registrations: [Registration]) async throws {
        await Task.yield()
        try write { _ in waiting.withLock { waiting in for registration in registrations { waiting[registration.id] = registration } } }
    }

    func removeRegistrations(_ ids: [DeviceID]) async throws {
        try write { _ in waiting.withLock { waiting in for id in ids { waiting[id] = nil } } }
    }

    func accept(_ registrations: [Registration], at now: Int64) async throws {
        try write { rows in
            for registration in registrations where rows[registration.id] == nil {
                rows[registration.id] = Row(
                    state: registration.device(at: now), lastSeen: registration.lastTry, publicKeyPEM: registration.publicKeyPEM)
            }
            waiting.withLock { waiting in for registration in registrations { waiting[registration.id] = nil } }
        }
    }

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
                rows[checkIn.state.id]?.state.status = checkIn.state.status
                rows[checkIn.state.id]?.state.hardwareID = checkIn.state.hardwareID
                rows[checkIn.state.id]?.lastSeen = checkIn.lastSeen
            }
        }
    }

    func publicKeyPEM(of id: DeviceID) async throws -> String? { self[id]?.publicKeyPEM }
}
