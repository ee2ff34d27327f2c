/// Reads a tar, tar.gz or tar.zst from front to back, entry by entry.
///
///     var reader = try ArchiveReader(DescriptorSource(file))
///     while let entry = try reader.next() {
///         while try reader.read(into: buffer) > 0 { … }
///     }
///
/// `next` passes over content that was not read, and returns nil only when the archive ended as it should: two blocks
/// of zeros, nothing but zeros behind them, and every checksum right. It judges each entry by itself; that no path
/// comes twice is seen by `Unpacking`.
public struct ArchiveReader: ~Copyable {
    /// git-archive writes one; concatenated archives have a few.
    private static let mostGlobalHeaders = 64

    private let limits: UnpackLimits
    private let stream: ExpandedStream
    private var contentLeft: Int64 = 0
    private var padding: Int64 = 0
    private var globalHeaders = 0
    private var entries: Int64 = 0
    private var isAtEnd = false

    public init(_ source: any ByteSource, limits: UnpackLimits = UnpackLimits()) throws(ArchiveError) {
        self.limits = limits
        stream = try ExpandedStream(source, limits: limits)
    }

    public var compression: Compression { stream.compression }

    public var progress: UnpackProgress {
        UnpackProgress(compressedBytes: stream.compressed, expandedBytes: stream.expanded, entries: entries)
    }

    /// The next entry, or nil at the end.
    public mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        guard !isAtEnd else { return nil }
        var extended = ExtendedHeaders()
        while let header = try nextHeader() {
            switch try header.kind() {
            case .file, .directory:
                return try entry(header, extended)
            case .paxRecords:
                try extended.set(pax: try records(of: header))
            case .globalPaxRecords:
                try judge(global: try records(of: header))
            case .longName:
                guard header.size <= Int64(limits.longestPath) + 1 else {
                    throw ArchiveError(.pathTooLong, "a path has more than \(limits.longestPath) bytes; shorten it")
                }
                try extended.set(longName: try content(of: header))
            }
        }
        guard extended.isEmpty else { throw ExtendedHeaders.misplaced("an extended header stands before no entry") }
        try readEnd()
        return nil
    }

    /// Reads on in the content of the entry that `next` returned: the count of bytes, 0 at its end.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        guard contentLeft > 0, !buffer.isEmpty else { return 0 }
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(min(contentLeft, Int64(buffer.count)))))
        let count = try stream.read(into: part)
        guard count > 0 else { throw .truncated(in: "a file") }
        contentLeft -= Int64(count)
        return count
    }

    private mutating func entry(_ header: TarHeader, _ extended: ExtendedHeaders) throws(ArchiveError) -> ArchiveEntry {
        entries += 1
        guard entries <= limits.mostEntries else { throw limits.tooManyEntries() }
        try extended.refuseLinkPath()
        let isDirectory = try header.kind() == .directory
        let path = try EntryPath(try extended.path(of: header), isDirectory: isDirectory, limits: limits)
        let size = try extended.size(of: header)
        guard !isDirectory else {
            guard size == 0 else {
                throw ArchiveError(.sizeInvalid, "the directory \(path.text) has a size; make the archive anew")
            }
            return ArchiveEntry(path: path, kind: .directory)
        }
        guard size <= limits.mostFileBytes else {
            throw ArchiveError(
                .fileTooLarge, "\(path.text) has \(size) bytes, more than \(limits.mostFileBytes); leave it out, or raise the limit")
        }
        // Said now rather than after having written most of it.
        guard size <= limits.mostBytes else { throw limits.tooLarge() }
        expect(size)
        return ArchiveEntry(path: path, kind: .file(size: size))
    }

    /// A header of all archive: it may say who wrote it, but not what the entries are.
    private mutating func judge(global records: PaxRecords) throws(ArchiveError) {
        globalHeaders += 1
        guard records.path == nil, records.size == nil, !records.hasLinkPath, globalHeaders <= Self.mostGlobalHeaders else {
            throw ArchiveError(.paxGlobal, "global pax headers set a path or size, or are too many; make the archive anew")
        }
    }

    private mutating func records(of header: TarHeader) throws(ArchiveError) -> PaxRecords {
        guard header.size <= PaxRecords.mostBytes else { throw PaxRecords.invalid("more than \(PaxRecords.mostBytes) bytes") }
        return try PaxRecords(try content(of: header))
    }

    /// The content of an extended header, whose size its caller has judged.
    private mutating func content(of header: TarHeader) throws(ArchiveError) -> [UInt8] {
        expect(header.size)
        let bytes = try stream.take(Int(header.size))
        guard bytes.count == header.size else { throw .truncated(in: "an extended header") }
        contentLeft = 0
        return bytes
    }

    private mutating func expect(_ size: Int64) {
        let block = Int64(TarHeader.blockSize)
        contentLeft = size
        padding = (block - size % block) % block
    }

    /// Nil at the first block of zeros.
    private mutating func nextHeader() throws(ArchiveError) -> TarHeader? {
        guard try stream.skip(contentLeft) else { throw .truncated(in: "a file") }
        guard try stream.skip(padding) else { throw .truncated(in: "the padding behind a file") }
        expect(0)
        let block = try stream.take(TarHeader.blockSize)
        guard block.count == TarHeader.blockSize else { throw .truncated(in: "its headers") }
        return try TarHeader(block)
    }

    private mutating func readEnd() throws(ArchiveError) {
        let second = try stream.take(TarHeader.blockSize)
        guard second.count == TarHeader.blockSize else { throw .truncated(in: "its end mark") }
        guard second.allSatisfy({ $0 == 0 }), try stream.restIsZero() else {
            throw ArchiveError(.trailingBytes, "bytes follow the end of the tar; send the archive alone")
        }
        isAtEnd = true
    }
}
