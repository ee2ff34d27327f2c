import Glibc

extension Directory {
    /// One entry of a directory as the directory itself tells it, without a look at the file.
    public struct Entry: Sendable {
        public let name: String
        /// Nil when the file system does not say: then ask ``entry(_:)``.
        public let kind: FileStatus.Kind?
    }

    /// The entries of this directory, sorted by the bytes of their names, without `.` and `..`.
    ///
    /// A name that is not UTF-8 is repaired: it shows that there is something, and opens nothing.
    public func entries() throws(FileTreeError) -> [Entry] {
        try rawEntries().map { entry in
            let kind: FileStatus.Kind? =
                switch Int(entry.type) {
                case Int(DT_REG): .file
                case Int(DT_DIR): .directory
                case Int(DT_UNKNOWN): nil
                default: .other
                }
            return Entry(name: String(decoding: entry.name.dropLast(), as: UTF8.self), kind: kind)
        }
    }
}
