import FileTree
import Synchronization

/// Fills a private directory with an update's files. What the content store has is linked and not copied, whatever
/// bytes the source shows under that name.
struct StagedContent {
    let store: ContentStore
    let progress: @Sendable (VerificationProgress) -> Void

    static let mostFiles = Inventory.mostFiles

    /// Copies the directory at `path`, all but what is no part of an update. Returns the names of that.
    func copy(_ source: Directory, to target: Directory) throws(FileTreeError) -> [String] {
        var done: Int64 = 0
        var leftOut: [String] = []
        for entry in try source.entries() {
            guard UpdateParts.names.contains(entry.name), entry.kind ?? source.entry(entry.name)?.kind == .directory else {
                leftOut.append(entry.name)
                continue
            }
            try copy(source.directory(entry.name), to: target.makeDirectory(entry.name), at: entry.name, &done)
        }
        return leftOut
    }

    private func copy(_ source: Directory, to target: Directory, at path: String, _ done: inout Int64) throws(FileTreeError) {
        guard path.utf8.count(where: { $0 == UInt8(ascii: "/") }) < UpdatePath.deepest else {
            throw FileTreeError(.tooLarge, "\(source.path) lies deeper than \(UpdatePath.deepest) directories")
        }
        for entry in try source.entries() {
            let inner = "\(path)/\(entry.name)"
            switch entry.kind ?? source.entry(entry.name)?.kind {
            case .directory:
                if UpdateParts.isLeftOut(inner) { continue }
                try copy(source.directory(entry.name), to: target.makeDirectory(entry.name), at: inner, &done)
            case .file:
                guard UpdateParts.holds(inner) else { continue }
                done += 1
                guard done <= Self.mostFiles else { throw FileTreeError(.tooLarge, "there are more than \(Self.mostFiles) files") }
                if done.isMultiple(of: 1024) { progress(VerificationProgress(step: .copying, done: done, total: 0, unit: .files)) }
                if let shared = SharedContent(path: inner), try store.provide(shared, to: target, as: entry.name) { continue }
                try target.create(entry.name).copyContents(of: source.openFile(entry.name))
            case .other, nil:
                throw FileTreeError(
                    .notPlain, "\(source.path)/\(entry.name) is a link or a device; an update holds plain files and directories")
            }
        }
    }
}
