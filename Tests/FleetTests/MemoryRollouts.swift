import DeviceAuth
import Fleet
import Synchronization

/// The stand-in for the files of rollouts.
final class MemoryRollouts: RolloutRepository {
    struct Contents {
        var rollouts: [RolloutID: Rollout] = [:]
        var devices: [RolloutID: [DeviceID]] = [:]
        var active = Set<RolloutID>()
        var lines: [RolloutID: [String]] = [:]
    }

    private let contents = Mutex(Contents())
    private let fault: Mutex<Fault>

    init(fault: Fault = Fault()) { self.fault = Mutex(fault) }

    func use(_ fault: Fault) { self.fault.withLock { $0 = fault } }

    private func write(_ body: (inout Contents) -> Void) throws { try fault.withLock { $0 }.write { contents.withLock { body(&$0) } } }

    var active: Set<RolloutID> { contents.withLock { $0.active } }

    func ids() -> [RolloutID] { contents.withLock { $0.rollouts.keys.sorted { $0.text < $1.text } } }

    func load(_ id: RolloutID) throws -> Rollout {
        guard let rollout = contents.withLock({ $0.rollouts[id] }) else { throw FleetError(.rolloutUnknown, "no \(id)") }
        return rollout
    }

    func devices(of id: RolloutID) throws -> [DeviceID] { contents.withLock { $0.devices[id] ?? [] } }

    func create(_ rollout: Rollout) throws {
        try write {
            $0.rollouts[rollout.id] = rollout
            $0.devices[rollout.id] = []
        }
    }

    func save(_ rollout: Rollout) throws { try write { $0.rollouts[rollout.id] = rollout } }
    func save(devices: [DeviceID], of id: RolloutID) throws { try write { $0.devices[id] = devices } }
    func remove(_ id: RolloutID) { contents.withLock { $0.rollouts[id] = nil } }

    func setActive(_ active: Bool, _ id: RolloutID) throws {
        try write { if active { $0.active.insert(id) } else { $0.active.remove(id) } }
    }

    func append(_ line: String, to id: RolloutID) throws { try write { $0.lines[id, default: []].append(line) } }

    func lines(of id: RolloutID, from offset: Int64, limit: Int) throws -> RolloutLines {
        // A few at a time, so that reading in runs is tested, too.
        let lines = contents.withLock { $0.lines[id] ?? [] }
        return RolloutLines(lines: lines.enumerated().dropFirst(Int(offset)).prefix(3).map { ($1, Int64($0 + 1)) })
    }
}

/// The stand-in for devices' reports; it keeps events by id and the rollouts' lines.
final class MemoryReports: ReportStore {
    private let rollouts: MemoryRollouts
    private let ids = Mutex(Set<String>())

    init(_ rollouts: MemoryRollouts) { self.rollouts = rollouts }

    func append(_ entries: [EventEntry], of device: DeviceID) async throws -> [EventEntry] {
        let new = ids.withLock { ids in entries.filter { ids.insert($0.event.id).inserted } }
        for case let line? in new.map(\.line) { try rollouts.append(line.text, to: line.rollout) }
        return new
    }

    func append(line: String, to rollout: RolloutID) async throws { try rollouts.append(line, to: rollout) }
    func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws {}
    func addAppsState(_ bytes: [UInt8], of device: DeviceID, at time: Int64) async throws {}
    func putTest(_ bytes: [UInt8], of device: DeviceID, test: TestID, name: TestFileName) async throws {}
    func removeAll(of device: DeviceID) async throws {}
    func files(of device: DeviceID) async throws -> [(name: String, size: Int64)] { [] }
    func contents(of device: DeviceID, file name: String) async throws -> [UInt8]? { nil }
}
