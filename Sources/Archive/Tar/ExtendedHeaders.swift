/// What stands before an entry and belongs to it: pax records and GNU's long name, each at most once.
struct ExtendedHeaders {
    private var pax: PaxRecords?
    private var longName: [UInt8]?

    var isEmpty: Bool { pax == nil && longName == nil }

    mutating func set(pax records: PaxRecords) throws(ArchiveError) {
        guard pax == nil else { throw Self.misplaced("two pax headers stand before one entry") }
        pax = records
    }

    /// The name as the header's content gives it, with the NUL that ends it.
    mutating func set(longName content: [UInt8]) throws(ArchiveError) {
        guard longName == nil else { throw Self.misplaced("two long names stand before one entry") }
        let name = content.prefix { $0 != 0 }
        guard content[name.endIndex...].allSatisfy({ $0 == 0 }) else {
            throw ArchiveError(.pathControl, "the path \(EntryPath.shown(content)) holds a NUL; make the archive anew")
        }
        longName = Array(name)
    }

    /// The one path of an entry. Of two that differ, readers would choose differently.
    func path(of header: TarHeader) throws(ArchiveError) -> [UInt8] {
        guard longName == nil || pax?.path == nil else { throw Self.misplaced("a GNU and a pax name stand before one entry") }
        return longName ?? pax?.path ?? header.path
    }

    func size(of header: TarHeader) throws(ArchiveError) -> Int64 {
        guard let size = pax?.size, size != header.size else { return header.size }
        // The header's own field ends at 8 GiB; writers leave 0 or the largest number there for what is longer.
        let largest: Int64 = 0o777_7777_7777
        guard size > largest, header.size == 0 || header.size == largest else {
            throw PaxRecords.invalid("another size than the header behind it")
        }
        return size
    }

    /// For an entry that is no link.
    func refuseLinkPath() throws(ArchiveError) {
        guard pax?.hasLinkPath != true else { throw PaxRecords.invalid("a link's target before a file or directory") }
    }

    static func misplaced(_ what: String) -> ArchiveError {
        ArchiveError(.headerMisplaced, "\(what); make the archive anew")
    }
}
