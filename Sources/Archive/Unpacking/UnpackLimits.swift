/// How much an archive may ask for. Each of these is a place where a small archive could take a whole machine.
public struct UnpackLimits: Equatable, Sendable {
    /// Entries, and directories that no entry names but that must be made for one.
    public var mostEntries: Int64 = 2_000_000
    /// Bytes of one file.
    public var mostFileBytes: Int64 = 64 << 30
    /// Bytes of the expanded archive, with its headers.
    public var mostBytes: Int64 = 256 << 30
    /// Expanded bytes for each compressed one; below 1 it is taken for 1.
    public var highestRatio: Int64 = 200
    /// Expanded bytes from which on the ratio counts: a few empty files compress far better than an archive.
    public var ratioFrom: Int64 = 64 << 20
    /// Gzip members or zstd frames.
    public var mostMembers = 65_536
    /// Components of a path.
    public var deepestPath = 16
    /// Bytes of a path.
    public var longestPath = 1024
    /// Bytes of a component.
    public var longestComponent = 255

    public init() {}

    func tooManyEntries() -> ArchiveError {
        ArchiveError(.tooManyEntries, "the archive has more than \(mostEntries) entries; send less, or raise the limit")
    }

    func tooLarge() -> ArchiveError {
        ArchiveError(.tooLarge, "the archive expands to more than \(mostBytes) bytes; send less, or raise the limit")
    }
}
