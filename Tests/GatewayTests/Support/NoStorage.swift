import DeviceAuth
import Fleet
import Synchronization
import UpdateTree

/// The stand-in for the table of devices: knows who was stored, and who checked in.
final class RecordedDevices: DeviceRepository {
    private let added = Mutex<[DeviceID]>([])
    private let seen = Mutex<[DeviceID]>([])

    /// Everybody of whom anything was written.
    var all: [DeviceID] { added.withLock { $0 } + seen.withLock { $0 } }

    func loadAll() -> [(state: DeviceState, lastSeen: Int64)] { [] }
    func add(_ devices: [DeviceState], publicKeyPEM: String?) async throws { added.withLock { $0 += devices.map(\.id) } }
    func save(_ checkIns: [CheckInRecord]) async throws { seen.withLock { $0 += checkIns.map(\.state.id) } }
    func pin(_ key: KeyFingerprint, publicKeyPEM: String, of id: DeviceID) async throws {}
    func allowNewKey(of id: DeviceID) async throws {}
    func setDenied(_ denied: Bool, of ids: [DeviceID]) async throws {}
    func markDeleted(_ ids: [DeviceID]) async throws {}
    func restore(_ ids: [DeviceID]) async throws {}
    func setAttributes(_ states: [DeviceState]) async throws {}
    func loadRegistrations() -> [Registration] { [] }
    func save(_ registrations: [Registration]) async throws {}
    func removeRegistrations(_ ids: [DeviceID]) async throws {}
    func accept(_ registrations: [Registration], at now: Int64) async throws {}
    func assign(_ name: UpdateName?, to ids: [DeviceID]) async throws {}
    func publicKeyPEM(of id: DeviceID) async throws -> String? { nil }
}

/// No rollouts.
struct NoRollouts: RolloutRepository {
    func ids() -> [RolloutID] { [] }
    func load(_ id: RolloutID) throws -> Rollout { throw FleetError(.rolloutUnknown, "no \(id)") }
    func devices(of id: RolloutID) -> [DeviceID] { [] }
    func create(_ rollout: Rollout) {}
    func save(_ rollout: Rollout) {}
    func save(devices: [DeviceID], of id: RolloutID) {}
    func notes(of id: RolloutID, limit: Int) -> [RolloutNote] { [] }
    func setActive(_ active: Bool, _ id: RolloutID) {}
    func lines(of id: RolloutID, from offset: Int64, limit: Int) -> RolloutLines { RolloutLines(lines: []) }
}

/// Takes reports of devices and forgets them.
struct ForgottenReports: ReportStore {
    func append(_ entries: [EventEntry], of device: DeviceID) async throws -> [EventEntry] { entries }
    func append(_ entries: [RolloutEntry]) async throws {}
    func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws {}
    func addAppsState(_ bytes: [UInt8], of device: DeviceID, at time: Int64) async throws {}
    func putTest(_ bytes: [UInt8], of device: DeviceID, test: TestID, name: TestFileName) async throws {}
    func removeAll(of device: DeviceID) async throws {}
    func files(of device: DeviceID) async throws -> [(name: String, size: Int64)] { [] }
    func contents(of device: DeviceID, file name: String) async throws -> [UInt8]? { nil }
}
