/// What was in an archive.
public struct Unpacked: Equatable, Sendable {
    public let compression: Compression
    public let files: Int64
    /// Entries that name a directory, the root among them; not those that were made for a file.
    public let directories: Int64
    /// Bytes of all files, those that the caller placed among them.
    public let contentBytes: Int64
    /// The totals, as the last progress gave them.
    public let total: UnpackProgress
    /// The one directory at the top beneath which everything lies, as `tar czf x.tgz folder/` makes it.
    public let soleTopDirectory: String?
}
