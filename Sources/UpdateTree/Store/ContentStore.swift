import FileTree
import Synchronization

/// The content that updates share, each file once, under its digest: `store/objects/ab/….filez`, `store/blobs/sha256/….`
///
/// A file of the store is checked before it comes in, and the updates that hold it are further names of it (hard
/// links). So an update stays a tree of plain files, deleting one harms no other, and how many updates hold a file is
/// its count of links.
public final class ContentStore: Sendable {
    public static let folder = "store"
    /// Read only: whoever changes a shared file changes every update that holds it.
    public static let fileMode: UInt32 = 0o444

    public let root: Directory
    /// Open folders, by their path: thousands of files in a row lie in a few hundred of them.
    private let folders = Mutex<[String: Directory]>([:])

    private init(root: Directory) { self.root = root }

    /// Opens `store/` below the data directory, making it when it is absent.
    public static func open(dataDirectory: Directory) throws(UpdateTreeError) -> ContentStore {
        try storage { () throws(FileTreeError) in ContentStore(root: try dataDirectory.makeDirectory(folder)) }
    }

    public func contains(_ content: SharedContent) -> Bool {
        guard let folder = openFolder(content.folder) else { return false }
        return folder.entry(content.fileName)?.kind == .file
    }

    /// Whether the file with this status is the store's own file of that content.
    func holds(_ status: FileStatus, as content: SharedContent) -> Bool {
        guard let own = openFolder(content.folder)?.entry(content.fileName) else { return false }
        return own.device == status.device && own.inode == status.inode
    }

    /// Opens the store's file; nil when it has none.
    public func file(_ content: SharedContent) -> Descriptor? {
        openFolder(content.folder).flatMap { try? $0.openFile(content.fileName) }
    }

    /// Gives the store's file the name `name` in `target`. False when the store does not have it.
    public func provide(_ content: SharedContent, to target: Directory, as name: String) throws(FileTreeError) -> Bool {
        // linkat(2) would as well link a symlink or a FIFO that somebody left there.
        guard let folder = openFolder(content.folder), folder.entry(content.fileName)?.kind == .file else { return false }
        return try target.hardLink(name, to: content.fileName, in: folder)
    }

    /// Takes a checked file of an update into the store. When the store has that content already, the update's file
    /// becomes a name of the store's: from then on the bytes are there once. Where the store's file is evidently not that
    /// content, the update keeps its own: `otaserve store verify --repair` takes the right one from there.
    public func adopt(_ content: SharedContent, from source: Directory, name: String) throws(FileTreeError) {
        let folder = try makeFolder(content.folder)
        do {
            try source.setMode(Self.fileMode, of: name)
            _ = try folder.hardLink(content.fileName, to: name, in: source)
        } catch {
            guard error.code == .alreadyExists else { throw error }
            guard let own = folder.entry(content.fileName), own.kind == .file, own.size == source.entry(name)?.size else { return }
            _ = try source.replaceByHardLink(name, to: content.fileName, in: folder)
        }
    }

    /// The folder at `path` of the store; nil when there is none.
    func openFolder(_ path: String) -> Directory? {
        if let folder = folders.withLock({ $0[path] }) { return folder }
        guard let folder = try? root.directory(path) else { return nil }
        folders.withLock { $0[path] = folder }
        return folder
    }

    func makeFolder(_ path: String) throws(FileTreeError) -> Directory {
        if let folder = openFolder(path) { return folder }
        var made = ""
        for part in path.split(separator: "/") {
            made += made.isEmpty ? part : "/\(part)"
            _ = try root.makeDirectory(made)
        }
        let folder = try root.directory(path)
        folders.withLock { $0[path] = folder }
        return folder
    }
}

/// Turns a failure of the file system into the module's error.
func storage<Value>(_ body: () throws(FileTreeError) -> Value) throws(UpdateTreeError) -> Value {
    do { return try body() } catch { throw UpdateTreeError(error) }
}

extension UpdateTreeError {
    public init(_ error: FileTreeError) { self.init(error.code == .full ? .storageFull : .storage, error.message) }
}
