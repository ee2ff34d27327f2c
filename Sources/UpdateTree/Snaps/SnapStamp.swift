import FileTree

/// What tells that a file is still the one whose digest was taken.
struct SnapStamp: Hashable, Codable, Sendable {
    let inode: UInt64
    /// Bytes.
    let size: Int64
    /// Nanoseconds since 1970.
    let modified: Int64

    init(_ status: FileStatus) {
        inode = status.inode
        size = status.size
        modified = status.modified
    }
}
