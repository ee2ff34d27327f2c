import DeviceAuth
import FileTree
import Fleet

/// What the journal's thread knows of files, so that records of one group build on each other.
/// It can be dropped at any time between two groups, and is read from the files again.
struct FileKnowledge {
    private var folders: [DeviceID: DeviceFolder] = [:]
    private var weight = 0
    private var rolloutLengths: [RolloutID: Int64] = [:]

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
}
