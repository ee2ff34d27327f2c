import DeviceAuth
import FileTree
import Fleet
import Persistence

/// Reads what a replay compares.
struct ReplayReading {
    let datadir: String
    let id: RolloutID

    /// Of `decisions`.
    private static let mostNotes = 1_000_000

    func replay() throws -> RolloutReplay {
        let files = try RolloutFiles(reading: Directory(path: datadir))
        // The record first: what it says was in the lines by then.
        let rollout = try files.load(id)
        var replay = RolloutReplay(rollout, devices: try files.devices(of: id))
        var offset: Int64 = 0
        while true {
            let run = try files.lines(of: id, from: offset, limit: 1 << 20)
            for line in run.lines { replay.take(line.text) }
            guard let last = run.lines.last else { break }
            offset = last.next
        }
        let notes = try files.notes(of: id, limit: Self.mostNotes)
        let records = try records()
        replay.finish(notes: notes) { records[$0] }
        return replay
    }

    private func records() throws -> [DeviceID: DeviceState] {
        let devices = SQLiteDevices(try Database.openForReading(dataDirectory: datadir))
        return Dictionary(try devices.loadAll().map { ($0.state.id, $0.state) }) { first, _ in first }
    }
}
