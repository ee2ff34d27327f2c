import CFileTree
import Glibc

/// A directory held by its descriptor. Everything is opened beneath it: no `..`, no absolute path and no symlink
/// leads out, whatever the name says (openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS).
public struct Directory: Sendable {
    public let descriptor: Descriptor
    /// For messages only; never opened again.
    public let path: String

    init(descriptor: Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens the root of a tree. This one path comes from the operator and may hold links.
    public init(path: String) throws(FileTreeError) {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw FileTreeError(errno: errno, doing: "open the directory", at: path) }
        self.init(descriptor: Descriptor(owning: number), path: path)
    }

    /// Creates the root of a tree when it is absent, then opens it.
    public static func make(path: String, mode: UInt32 = 0o755) throws(FileTreeError) -> Directory {
        if mkdir(path, mode) != 0, errno != EEXIST {
            throw FileTreeError(errno: errno, doing: "create the directory", at: path)
        }
        return try Directory(path: path)
    }

    // MARK: Reading

    /// Opens a plain file for reading. With `cachedOnly` it throws `.notCached` rather than wait for a disk.
    public func openFile(_ name: String, cachedOnly: Bool = false) throws(FileTreeError) -> Descriptor {
        // O_NONBLOCK: opening a FIFO that somebody left in the tree must not hang.
        let number = filetree_open_beneath(
            descriptor.number, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, cachedOnly ? 1 : 0)
        guard number >= 0 else { throw FileTreeError(errno: -number, doing: "open", at: "\(path)/\(name)") }
        return Descriptor(owning: number)
    }

    /// Opens a directory beneath this one.
    public func directory(_ name: String) throws(FileTreeError) -> Directory {
        let number = filetree_open_beneath(descriptor.number, name, O_RDONLY | O_DIRECTORY, 0, 0)
        guard number >= 0 else { throw FileTreeError(errno: -number, doing: "open", at: "\(path)/\(name)") }
        return Directory(descriptor: Descriptor(owning: number), path: "\(path)/\(name)")
    }

    /// What `name` is, or nil when there is no such entry. Does not follow a link at the end.
    public func status(_ name: String) -> FileStatus? {
        var raw = stat()
        guard fstatat(descriptor.number, name, &raw, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return FileStatus(raw)
    }

    /// The content of a plain file, refused when it is longer than `limit` bytes.
    public func contents(of name: String, limit: Int) throws(FileTreeError) -> [UInt8] {
        let file = try openFile(name)
        guard try file.status().kind == .file else {
            throw FileTreeError(.notPlain, "\(path)/\(name) is not a plain file; put one there")
        }
        return try file.contents(limit: limit)
    }

    /// The names in this directory, sorted by their bytes, without `.` and `..`.
    public func names() throws(FileTreeError) -> [String] {
        let copy = filetree_open_beneath(descriptor.number, ".", O_RDONLY | O_DIRECTORY, 0, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            throw FileTreeError(errno: copy < 0 ? -copy : errno, doing: "list", at: path)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
