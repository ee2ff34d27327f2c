import DeviceAuth
import FileTree
import Fleet

/// What the journal's thread knows of files, so that records of one group build on each other.
/// It can be dropped at any time between two groups, and is read from the files again.
struct FileKnowledge {
    private var folders: [DeviceID: DeviceFolder] = [:]
    private var weight = 0
    private var rolloutLengths: [RolloutID: Int64] = [:]
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

    /// A line at the end of a rollout's events.
    mutating func append(_ line: String, to rollout: RolloutID, root: Directory) throws -> JournalRecord.Change {
        let path = "rollouts/\(rollout.text)/events"
        let length = rolloutLengths[rollout] ?? root.status(path)?.size ?? 0
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        rolloutLengths[rollout] = length + Int64(bytes.count)
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
