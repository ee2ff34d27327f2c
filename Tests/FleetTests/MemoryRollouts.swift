import DeviceAuth
import Fleet
import Synchronization

/// The stand-in for the files of rollouts. What it holds outlives the objects above it, like a disk.
final class MemoryRollouts: RolloutRepository, RolloutLedger {
    struct Contents {
        var rollouts: [RolloutID: Rollout] = [:]
        var devices: [RolloutID: [DeviceID]] = [:]
        var active = Set<RolloutID>()
        var lines: [RolloutID: [String]] = [:]
        var notes: [RolloutID: [RolloutNote]] = [:]
        var moments: [RolloutID: Int64] = [:]
    }

    private let contents = Mutex(Contents())
    private let fault: Mutex<Fault>
    /// Told of every stored line, in order.
    private let board = Mutex<RolloutBoard?>(nil)
    private let clock: Clock

    init(fault: Fault = Fault(), clock: Clock) {
        self.fault = Mutex(fault)
        self.clock = clock
    }

    func use(_ fault: Fault) { self.fault.withLock { $0 = fault } }
    func tell(_ board: RolloutBoard) { self.board.withLock { $0 = board } }

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
        guard contents.withLock({ $0.active.contains(id) }) != active else { return }
        try write { if active { $0.active.insert(id) } else { $0.active.remove(id) } }
    }

    func append(_ entries: [RolloutEntry]) async throws { try appendNow(entries) }

    func appendNow(_ entries: [RolloutEntry]) throws {
        let board = board.withLock { $0 }
        let now = clock.now()
        var told: [(RolloutID, [RolloutLine])] = []
        do {
            try write { contents in
                for entry in entries {
                    let moment = max(now, contents.moments[entry.rollout] ?? .min)
                    let lines =
                        contents.moments.updateValue(moment, forKey: entry.rollout) == moment ? entry.lines : [.at(moment)] + entry.lines
                    contents.lines[entry.rollout, default: []] += lines.map(\.text)
                    contents.notes[entry.rollout, default: []] += entry.notes
                    if let devices = entry.devices { contents.devices[entry.rollout] = devices }
                    told.append((entry.rollout, lines))
                }
            }
        } catch {
            board?.markStale()
            throw error
        }
        for (rollout, lines) in told { board?.stored(lines, in: rollout) }
    }

    func lines(of id: RolloutID, from offset: Int64, limit: Int) throws -> RolloutLines {
        // A few at a time, so that reading in runs is tested, too.
        let lines = contents.withLock { ($0.lines[id] ?? []).dropFirst(Int(offset)).prefix(50) }
        return RolloutLines(lines: lines.enumerated().map { ($1, offset + Int64($0) + 1) })
    }

    func texts(of id: RolloutID) -> [String] { contents.withLock { $0.lines[id] ?? [] } }

    func notes(of id: RolloutID, limit: Int) throws -> [RolloutNote] { contents.withLock { ($0.notes[id] ?? []).suffix(limit) } }
}

/// The stand-in for devices' reports; it keeps events by id and the rollouts' lines.
final class MemoryReports: ReportStore {
    private let rollouts: MemoryRollouts
    private let ids = Mutex(Set<String>())

    init(_ rollouts: MemoryRollouts) { self.rollouts = rollouts }

    func append(_ entries: [EventEntry], of device: DeviceID) async throws -> [EventEntry] {
        let new = ids.withLock { ids in entries.filter { ids.insert($0.event.id).inserted } }
        for case let line? in new.map(\.line) { try rollouts.appendNow([RolloutEntry(line.rollout, [line.line])]) }
        return new
    }

    func append(_ entries: [RolloutEntry]) async throws { try rollouts.appendNow(entries) }
    func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws {}
    func addAppsState(_ bytes: [UInt8], of device: DeviceID, at time: Int64) async throws {}
    func putTest(_ bytes: [UInt8], of device: DeviceID, test: TestID, name: TestFileName) async throws {}
    func removeAll(of device: DeviceID) async throws {}
    func files(of device: DeviceID) async throws -> [(name: String, size: Int64)] { [] }
    func contents(of device: DeviceID, file name: String) async throws -> [UInt8]? { nil }
}
