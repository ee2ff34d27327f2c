import FileTree

/// Where each file of an uncompressed tar lies in it, judged as ``ArchiveReader`` does. Content is not read: of a file
/// with a million entries only the headers are.
public struct TarIndex: Sendable {
    public struct Entry: Equatable, Sendable {
        /// Where the content begins.
        public let offset: Int64
        /// Bytes.
        public let size: Int64
    }

    /// Files by their path; no path comes twice.
    public private(set) var files: [String: Entry] = [:]
    private let limits: UnpackLimits

    /// Throws `.truncated` unless the tar ends as it should: nothing that was cut off looks like a whole one.
    public init(_ file: Descriptor, limits: UnpackLimits = UnpackLimits()) throws(ArchiveError) {
        self.limits = limits
        let length: Int64
        do { length = try file.status().size } catch { throw Self.unreadable(error) }
        var offset: Int64 = 0
        var extended = ExtendedHeaders()
        while let header = try Self.header(file, at: offset, length: length) {
            offset += Int64(TarHeader.blockSize)
            switch try header.kind() {
            case .file, .directory:
                offset += try add(header, extended, at: offset, length: length)
                extended = ExtendedHeaders()
            case .paxRecords:
                try extended.set(pax: try PaxRecords(try Self.content(file, header, at: offset, limit: PaxRecords.mostBytes)))
                offset += Self.padded(header.size)
            case .longName:
                try extended.set(longName: try Self.content(file, header, at: offset, limit: Int64(limits.longestPath) + 1))
                offset += Self.padded(header.size)
            case .globalPaxRecords:
                throw ArchiveError(.paxGlobal, "the tar has global pax headers; make it with otaserve, or with tar --format=ustar")
            }
        }
        guard extended.isEmpty else { throw ExtendedHeaders.misplaced("an extended header stands before no entry") }
        guard try Self.header(file, at: offset + Int64(TarHeader.blockSize), length: length) == nil else {
            throw ArchiveError(.trailingBytes, "bytes follow the end of the tar; copy it again as a whole")
        }
    }

    /// Returns the bytes to the next header.
    private mutating func add(
        _ header: TarHeader, _ extended: ExtendedHeaders, at offset: Int64, length: Int64
    ) throws(ArchiveError) -> Int64 {
        try extended.refuseLinkPath()
        let isDirectory = try header.kind() == .directory
        let path = try EntryPath(try extended.path(of: header), isDirectory: isDirectory, limits: limits)
        let size = try extended.size(of: header)
        guard !isDirectory else { return 0 }
        guard size <= length - offset else { throw .truncated(in: "a file") }
        guard files.count < limits.mostEntries else { throw limits.tooManyEntries() }
        guard files.updateValue(Entry(offset: offset, size: size), forKey: path.text) == nil else {
            throw ArchiveError(.duplicate, "the path \(path.text) comes twice; make the archive anew")
        }
        return Self.padded(size)
    }

    private static func header(_ file: Descriptor, at offset: Int64, length: Int64) throws(ArchiveError) -> TarHeader? {
        guard length - offset >= Int64(TarHeader.blockSize) else { throw .truncated(in: "its headers") }
        return try TarHeader(try read(file, count: TarHeader.blockSize, at: offset))
    }

    private static func content(_ file: Descriptor, _ header: TarHeader, at offset: Int64, limit: some BinaryInteger) throws(ArchiveError)
        -> [UInt8]
    {
        guard header.size <= Int64(limit) else { throw PaxRecords.invalid("more than \(limit) bytes") }
        return try read(file, count: Int(header.size), at: offset)
    }

    private static func read(_ file: Descriptor, count: Int, at offset: Int64) throws(ArchiveError) -> [UInt8] {
        let bytes: [UInt8]
        do { bytes = try file.read(count: count, at: offset) } catch { throw unreadable(error) }
        guard bytes.count == count else { throw .truncated(in: "its headers") }
        return bytes
    }

    private static func padded(_ size: Int64) -> Int64 {
        let block = Int64(TarHeader.blockSize)
        return size + (block - size % block) % block
    }

    private static func unreadable(_ error: FileTreeError) -> ArchiveError { ArchiveError(.readFailed, error.message, cause: error) }
}
