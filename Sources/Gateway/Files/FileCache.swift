import FileTree
import NIOCore
import UpdateTree

/// Open files of one event loop. No lock, bounded, and at most half a second behind the tree.
final class FileCache {
    private let updates: Directory
    private var files: [String: CachedFile] = [:]
    /// Bytes that cached metadata hold.
    private var heldBytes = 0

    private static let mostFiles = 1024
    private static let mostBytes = 16 << 20
    private static let freshness = TimeAmount.milliseconds(500)

    init(updates: Directory) { self.updates = updates }

    /// The file at `path` when it can be had without waiting for a disk. Throws `.notCached` when it cannot.
    func file(_ path: String, of content: Content?, now: NIODeadline) throws(FileTreeError) -> CachedFile {
        if let file = files[path] {
            if now - file.checkedAt < Self.freshness { return file }
            if file.isCurrent(path, in: updates) {
                file.checkedAt = now
                return file
            }
            remove(path)
        }
        let file = try CachedFile(path, of: content, in: updates, cachedOnly: true, now: now)
        insert(file, at: path)
        return file
    }

    func insert(_ file: CachedFile, at path: String) {
        let weight = file.bytes?.readableBytes ?? 0
        // Dropping all is simpler than an order of use, and as good: what is asked for often is back at once.
        if files.count >= Self.mostFiles || heldBytes + weight > Self.mostBytes {
            files.removeAll(keepingCapacity: true)
            heldBytes = 0
        }
        heldBytes += weight
        files[path] = file
    }

    private func remove(_ path: String) {
        heldBytes -= files.removeValue(forKey: path)?.bytes?.readableBytes ?? 0
    }
}
