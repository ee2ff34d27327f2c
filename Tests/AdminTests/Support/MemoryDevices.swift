import DeviceAuth
import Fleet
import Synchronization
import UpdateTree

/// Devices in memory.
final class MemoryDevices: DeviceRepository {
    struct Broken: Error {}

    private let rows = Mutex<[DeviceID: DeviceState]>([:])
    /// Every operation fails, as on a broken disk.
    let isBroken = Atomic(false)

    private func change(_ id: DeviceID, _ body: (inout DeviceState) -> Void) throws {
        if isBroken.load(ordering: .relaxed) { throw Broken() }
        rows.withLock { rows in
            guard var state = rows[id] else { return }
            body(&state)
            rows[id] = state
        }
    }

    func loadAll() throws -> [(state: DeviceState, lastSeen: Int64)] { rows.withLock { $0.values.map { ($0, 0) } } }

    func add(_ devices: [DeviceState], publicKeyPEM: String?) async throws {
        rows.withLock { rows in for device in devices where rows[device.id] == nil { rows[device.id] = device } }
    }

    func pin(_ key: KeyFingerprint, publicKeyPEM: String, of id: DeviceID) async throws { try change(id) { $0.key = key } }
    func allowNewKey(of id: DeviceID) async throws { try change(id) { $0.allowsNewKey = true } }
    func setDenied(_ denied: Bool, of ids: [DeviceID]) async throws { for id in ids { try change(id) { $0.isDenied = denied } } }
    func markDeleted(_ ids: [DeviceID]) async throws { for id in ids { try change(id) { $0.isDeleted = true } } }

    func restore(_ ids: [DeviceID]) async throws {
        for id in ids {
            try change(id) {
                $0.isDeleted = false
                $0.isDenied = false
            }
        }
    }

    func setAttributes(_ states: [DeviceState]) async throws {
        for state in states {
            try change(state.id) {
                $0.name = state.name
                $0.group = state.group
                $0.labels = state.labels
            }
        }
    }

    func loadRegistrations() -> [Registration] { [] }
    func save(_ registrations: [Registration]) async throws { if isBroken.load(ordering: .relaxed) { throw Broken() } }
    func removeRegistrations(_ ids: [DeviceID]) async throws {}
    func accept(_ registrations: [Registration], at now: Int64) async throws {
        rows.withLock { rows in for registration in registrations { rows[registration.id] = registration.device(at: now) } }
    }

    func assign(_ name: UpdateName?, to ids: [DeviceID]) async throws {
        for id in ids { try change(id) { $0.updateName = name } }
    }

    func save(_ checkIns: [CheckInRecord]) async throws {}

    func publicKeyPEM(of id: DeviceID) async throws -> String? { nil }
}
