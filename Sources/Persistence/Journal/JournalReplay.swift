import FileTree

/// Does to the files what journal records say.
struct JournalReplay {
    let root: Directory

    /// Bytes.
    static let longestLog: Int64 = 1 << 30

    /// Does every whole record of the log, in order.
    func run(_ log: Descriptor) throws {
        let bytes = try log.contents(limit: Int(Self.longestLog))
        var position = 0
        while let record = JournalRecord(bytes, at: &position) { try apply(record, unlessDone: true) }
    }

    /// - Parameter unlessDone: leaves a file alone that is as the record wants it. Which of a device's files is the
    ///   oldest is told by the times of their last writing, and those are not to become the time of a start.
    func apply(_ record: JournalRecord, unlessDone: Bool = false) throws(FileTreeError) {
        for change in record.changes {
            switch change {
            case .write(let path, let offset, let bytes):
                let (directory, name) = try parent(of: path)
                let file = try directory.openForWriting(name)
                if unlessDone, try file.read(count: bytes.count, at: offset) == bytes { continue }
                try file.write(bytes, at: offset)
            case .replace(let path, let bytes):
                let (directory, name) = try parent(of: path)
                if unlessDone, (try? directory.contents(of: name, limit: bytes.count)) == bytes { continue }
                try directory.replace(name, with: bytes, synced: false)
            case .remove(let path):
                try root.remove(path)
            }
        }
    }

    private func parent(of path: String) throws(FileTreeError) -> (Directory, String) {
        var directory = root
        let parts = path.split(separator: "/")
        for part in parts.dropLast() { directory = try directory.makeDirectory(String(part)) }
        return (directory, parts.last.map(String.init) ?? "")
    }
}
