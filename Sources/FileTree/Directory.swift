import CFileTree
import Glibc

/// A directory held by its descriptor. Everything is opened beneath it: no `..`, no absolute path and no symlink
/// leads out, whatever the name says (openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS).
///
/// A name may be a path of several components.
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
        let file = try openBeneath(name, O_RDONLY | O_NONBLOCK | O_NOCTTY, cachedOnly: cachedOnly, doing: "open")
        guard try file.status().kind == .file else {
            throw FileTreeError(.notPlain, "\(path)/\(name) is not a plain file; put one there")
        }
        return file
    }

    /// Opens a directory beneath this one.
    public func directory(_ name: String) throws(FileTreeError) -> Directory {
        Directory(
            descriptor: try openBeneath(name, O_RDONLY | O_DIRECTORY, doing: "open"), path: "\(path)/\(name)")
    }

    /// What `name` is, or nil when there is no such entry. Does not follow a link, neither at the end nor before it.
    public func status(_ name: String) -> FileStatus? {
        guard let entry = try? openBeneath(name, filetree_place_only | O_NOFOLLOW, doing: "inspect") else { return nil }
        return try? entry.status()
    }

    /// The content of a plain file, refused when it is longer than `limit` bytes.
    public func contents(of name: String, limit: Int) throws(FileTreeError) -> [UInt8] {
        try openFile(name).contents(limit: limit)
    }

    /// The names in this directory, sorted by their bytes, without `.` and `..`.
    ///
    /// A name that is not UTF-8 is repaired: it shows that there is something, and opens nothing.
    public func names() throws(FileTreeError) -> [String] {
        try rawNames().map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    /// The names as bytes, each with the NUL behind it.
    func rawNames() throws(FileTreeError) -> [[UInt8]] { try rawEntries().map(\.name) }

    /// The names as bytes, each with the NUL behind it, and the type as readdir(3) tells it.
    func rawEntries() throws(FileTreeError) -> [(name: [UInt8], type: UInt8)] {
        let copy = filetree_open_beneath(descriptor.number, ".", O_RDONLY | O_DIRECTORY, 0, 0)
        guard copy >= 0 else { throw FileTreeError(errno: -copy, doing: "list", at: path) }
        guard let stream = fdopendir(copy) else {
            let number = errno
            close(copy)
            throw FileTreeError(errno: number, doing: "list", at: path)
        }
        defer { closedir(stream) }
        var entries: [(name: [UInt8], type: UInt8)] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                // The end of the list and a failing disk differ in errno alone.
                guard errno == 0 else { throw FileTreeError(errno: errno, doing: "list", at: path) }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix(strnlen($0.baseAddress!, $0.count))) }
            if name != [0x2E], name != [0x2E, 0x2E] { entries.append((name + [0], entry.pointee.d_type)) }
        }
        return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }
}
