import DeviceAuth
import FileTree
import Fleet

/// What the journal's thread knows of files, so that records of one group build on each other.
/// It can be dropped at any time between two groups, and is read from the files again.
struct FileKnowledge {
    private var folders: [DeviceID: DeviceFolder] = [:]
    private var weight = 0
    private var lengths: [String: Int64] = [:]
    /// The second that the last line of a rollout was written at.
    private var moments: [RolloutID: Int64] = [:]
    private var fleetLog: FleetLogEnd?

    /// Bytes, about, before what is known of devices is dropped.
    private static let heaviest = 32 << 20

    mutating func withFolder(
        of id: DeviceID, root: Directory, _ body: (inout DeviceFolder) throws -> [JournalRecord.Change]
    ) throws -> [JournalRecord.Change] {
        let known = folders[id]
        var folder = try known ?? DeviceFolder(id, root: root)
        let changes = try body(&folder)
        weight += folder.weight - (known?.weight ?? 0)
        folders[id] = folder
        return changes
    }

    mutating func forget(_ id: DeviceID) {
        weight -= folders.removeValue(forKey: id)?.weight ?? 0
    }

    /// To be called between two groups.
    mutating func shrink() {
        if weight > Self.heaviest { self = FileKnowledge() }
    }

    /// Lines at the end of a rollout's events, behind the time when it is another than before. Returns the lines that are
    /// written.
    mutating func append(
        _ lines: [RolloutLine], to rollout: RolloutID, at now: Int64, root: Directory
    ) throws -> (change: JournalRecord.Change, lines: [RolloutLine]) {
        // A clock that was set back does not turn the file's order around.
        let moment = max(now, moments[rollout] ?? .min)
        let written = moments.updateValue(moment, forKey: rollout) == moment ? lines : [.at(moment)] + lines
        var bytes: [UInt8] = []
        for line in written {
            bytes += line.text.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        return (try append(bytes, to: "rollouts/\(rollout.text)/events", root: root), written)
    }

    /// Bytes at the end of a file that is only ever appended to.
    mutating func append(_ bytes: [UInt8], to path: String, root: Directory) throws -> JournalRecord.Change {
        let length = lengths[path] ?? root.status(path)?.size ?? 0
        lengths[path] = length + Int64(bytes.count)
        return .write(path: path, offset: length, bytes: bytes)
    }

    /// Lines at the end of the fleet's log.
    mutating func appendToFleetLog(
        _ lines: [(device: DeviceID, bytes: [UInt8])], in folder: FleetLogFolder, limits: FleetLogLimits
    ) throws -> [JournalRecord.Change] {
        var end = try fleetLog ?? FleetLogEnd(folder)
        defer { fleetLog = end }
        return end.append(lines, limits: limits)
    }

    /// What was added to the fleet's log since it was asked last.
    mutating func takeUnannounced() -> [(device: DeviceID, span: Range<Int64>)] { fleetLog?.takeUnannounced() ?? [] }

    /// Makes a record's changes. When that fails nothing was added to the fleet's log: the next line follows the last one
    /// that is written.
    mutating func prepare(
        _ body: (inout FileKnowledge) throws -> [JournalRecord.Change]
    ) throws -> [JournalRecord.Change] {
        let before = fleetLog
        do {
            return try body(&self)
        } catch {
            fleetLog = before
            throw error
        }
    }
}
