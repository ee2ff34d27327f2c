import FileTree

/// The directory that the last entry was in, with those above it, kept open: entries of one directory come together,
/// so most of them need no directory to be opened.
struct DirectoryStack {
    private let root: Directory
    private var open: [(name: String, directory: Directory)] = []
    /// Directories that were made or opened again although no entry named them just then.
    private(set) var implied: Int64 = 0

    init(root: Directory) { self.root = root }

    /// Goes to the directory of these components, making what is absent. `isNamed`: an entry names it.
    @discardableResult
    mutating func enter(_ components: some Collection<String>, isNamed: Bool) throws(ArchiveError) -> Directory {
        // By bytes: strings that look the same may be two names.
        let common = zip(open, components).prefix { $0.0.name.utf8.elementsEqual($0.1.utf8) }.count
        open.removeLast(open.count - common)
        for name in components.dropFirst(common) {
            open.append((name, try make(name, in: open.last?.directory ?? root)))
            if !isNamed || open.count < components.count { implied += 1 }
        }
        return open.last?.directory ?? root
    }

    private func make(_ name: String, in parent: Directory) throws(ArchiveError) -> Directory {
        do throws(FileTreeError) {
            return try parent.makeDirectory(name)
        } catch {
            guard parent.status(name)?.kind != .file else { throw .conflict(at: name) }
            throw ArchiveError(writing: error)
        }
    }
}

extension ArchiveError {
    static func conflict(at name: String) -> ArchiveError {
        ArchiveError(.kindConflict, "“\(name)” is both a file and a directory in the archive; make the archive anew")
    }
}
