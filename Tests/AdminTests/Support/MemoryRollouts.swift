import DeviceAuth
import Fleet
import Synchronization

/// Rollouts in memory.
final class MemoryRollouts: RolloutRepository, RolloutLedger {
    private struct Row {
        var rollout: Rollout
        var devices: [DeviceID] = []
        var events: [UInt8] = []
        var notes: [RolloutNote] = []
        /// The second of the last line.
        var moment: Int64?
    }

    private let rows = Mutex<[RolloutID: Row]>([:])
    private let board: RolloutBoard
    private let clock: TestClock

    /// - Parameter board: told of every stored line.
    init(board: RolloutBoard, clock: TestClock) {
        self.board = board
        self.clock = clock
    }

    /// As if somebody wrote into the file: nobody is told.
    func append(_ line: String, to id: RolloutID) { rows.withLock { $0[id]?.events += Array("\(line)\n".utf8) } }

    func append(_ entries: [RolloutEntry]) async throws {
        for entry in entries {
            let now = clock.now
            let lines = rows.withLock { rows -> [RolloutLine] in
                let lines = rows[entry.rollout]?.moment == now ? entry.lines : [.at(now)] + entry.lines
                rows[entry.rollout]?.moment = now
                rows[entry.rollout]?.events += lines.flatMap { Array("\($0.text)\n".utf8) }
                rows[entry.rollout]?.notes += entry.notes
                if let devices = entry.devices { rows[entry.rollout]?.devices = devices }
                return lines
            }
            board.stored(lines, in: entry.rollout)
        }
    }

    func notes(of id: RolloutID, limit: Int) throws -> [RolloutNote] { try row(id).notes.suffix(limit) }

    private func row(_ id: RolloutID) throws -> Row {
        guard let row = rows.withLock({ $0[id] }) else { throw FleetError(.rolloutUnknown, "there is no rollout \(id)") }
        return row
    }

    func ids() throws -> [RolloutID] { rows.withLock { $0.keys.sorted { $0.text < $1.text } } }
    func load(_ id: RolloutID) throws -> Rollout { try row(id).rollout }
    func devices(of id: RolloutID) throws -> [DeviceID] { try row(id).devices }
    func create(_ rollout: Rollout) throws { rows.withLock { $0[rollout.id] = Row(rollout: rollout) } }
    func save(_ rollout: Rollout) throws { rows.withLock { $0[rollout.id]?.rollout = rollout } }
    func save(devices: [DeviceID], of id: RolloutID) throws { rows.withLock { $0[id]?.devices = devices } }
    func setActive(_ active: Bool, _ id: RolloutID) throws {}

    func lines(of id: RolloutID, from offset: Int64, limit: Int) throws -> RolloutLines {
        let events = try row(id).events
        guard offset >= 0, offset < events.count else { return RolloutLines(lines: []) }
        var lines: [(text: String, next: Int64)] = []
        var start = Int(offset)
        for index in start..<min(events.count, start + limit) where events[index] == UInt8(ascii: "\n") {
            lines.append((String(decoding: events[start..<index], as: UTF8.self), Int64(index) + 1))
            start = index + 1
        }
        return RolloutLines(lines: lines)
    }
}
