import Glibc

/// What the file system says about one file.
public struct FileStatus: Hashable, Sendable {
    public enum Kind: Sendable { case file, directory, other }

    public let kind: Kind
    /// Bytes.
    public let size: Int64
    public let device: UInt64
    public let inode: UInt64
    /// Nanoseconds since 1970.
    public let modified: Int64
    /// Nanoseconds since 1970; moves with every change of content, name or mode.
    public let changed: Int64
    public let mode: UInt32
    /// How many names the file has.
    public let links: UInt64

    init(_ raw: stat) {
        kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            default: .other
            }
        size = Int64(raw.st_size)
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        modified = Int64(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_mtim.tv_nsec)
        changed = Int64(raw.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_ctim.tv_nsec)
        mode = UInt32(raw.st_mode & 0o7777)
        links = UInt64(raw.st_nlink)
    }

    /// Seconds since 1970.
    public var modifiedSeconds: Int64 { modified / 1_000_000_000 }
}
