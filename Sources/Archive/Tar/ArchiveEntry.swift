/// One file or directory of an archive. There is nothing else in one that is accepted.
public struct ArchiveEntry: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// With its size in bytes.
        case file(size: Int64)
        case directory
    }

    public let path: EntryPath
    public let kind: Kind
}
