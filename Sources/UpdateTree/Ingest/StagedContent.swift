import FileTree
import Synchronization

/// Fills a private directory with an update's files. What the content store has is linked and not copied, whatever
/// bytes the source shows under that name.
struct StagedContent {
    let store: ContentStore
    /// As many threads fill folders of objects at once.
    let workers: Int
    let progress: @Sendable (VerificationProgress) -> Void

    static let mostFiles = Inventory.mostFiles

    /// The files so far; more than one thread counts.
    private final class Count: Sendable {
        private let files = Atomic<Int64>(0)

        func next() -> Int64 { files.add(1, ordering: .relaxed).newValue }
    }

    /// Copies the directory at `path`, all but what is no part of an update. Returns the names of that.
    func copy(_ source: Directory, to target: Directory) throws(FileTreeError) -> [String] {
        let count = Count()
        var leftOut: [String] = []
        for entry in try source.entries() {
            guard UpdateParts.names.contains(entry.name), entry.kind ?? source.entry(entry.name)?.kind == .directory else {
                leftOut.append(entry.name)
                continue
            }
            try copy(source.directory(entry.name), to: target.makeDirectory(entry.name), at: entry.name, count)
        }
        return leftOut
    }

    private func copy(_ source: Directory, to target: Directory, at path: String, _ count: Count) throws(FileTreeError) {
        guard path.utf8.count(where: { $0 == UInt8(ascii: "/") }) < UpdatePath.deepest else {
            throw FileTreeError(.tooLarge, "\(source.path) lies deeper than \(UpdatePath.deepest) directories")
        }
        var folders: [String] = []
        for entry in try source.entries() {
            let inner = "\(path)/\(entry.name)"
            switch entry.kind ?? source.entry(entry.name)?.kind {
            case .directory:
                if !UpdateParts.isLeftOut(inner) { folders.append(entry.name) }
            case .file:
                if UpdateParts.holds(inner) { try copyFile(entry.name, at: inner, from: source, to: target, count) }
            case .other, nil:
                throw FileTreeError(
                    .notPlain, "\(source.path)/\(entry.name) is a link or a device; an update holds plain files and directories")
            }
        }
        try copy(folders, of: source, to: target, at: path, count)
    }

    /// The folders of objects are alike and many: the disk takes several at once. Others come one after the other.
    private func copy(
        _ folders: [String], of source: Directory, to target: Directory, at path: String, _ count: Count
    ) throws(FileTreeError) {
        let failure = Mutex<FileTreeError?>(nil)
        Parallel.forEach(folders, workers: path == UpdateParts.objects ? workers : 1) { name in
            guard failure.withLock({ $0 == nil }) else { return }
            do throws(FileTreeError) {
                try copy(source.directory(name), to: target.makeDirectory(name), at: "\(path)/\(name)", count)
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func copyFile(
        _ name: String, at path: String, from source: Directory, to target: Directory, _ count: Count
    ) throws(FileTreeError) {
        let done = count.next()
        guard done <= Self.mostFiles else { throw FileTreeError(.tooLarge, "there are more than \(Self.mostFiles) files") }
        if done.isMultiple(of: 1024) { progress(VerificationProgress(step: .copying, done: done, total: 0, unit: .files)) }
        if let shared = SharedContent(path: path), try store.provide(shared, to: target, as: name) { return }
        try target.create(name).copyContents(of: source.openFile(name))
    }
}
