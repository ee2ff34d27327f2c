extension TarHeader {
    /// What a header announces.
    enum Kind { case file, directory, paxRecords, globalPaxRecords, longName }

    /// Everything that is not plain is refused here, with its own reason.
    func kind() throws(ArchiveError) -> Kind {
        let name = EntryPath.shown(path)
        switch typeFlag {
        case UInt8(ascii: "0"), 0: return .file
        case UInt8(ascii: "5"): return .directory
        case UInt8(ascii: "x"): return .paxRecords
        case UInt8(ascii: "g"): return .globalPaxRecords
        case UInt8(ascii: "L"): return .longName
        case UInt8(ascii: "1"):
            throw ArchiveError(.link, "\(name) is a hard link; make the archive with --hard-dereference")
        case UInt8(ascii: "2"), UInt8(ascii: "K"):
            throw ArchiveError(.link, "\(name) is a symbolic link; make the archive with --dereference, or without it")
        case UInt8(ascii: "3"), UInt8(ascii: "4"):
            throw ArchiveError(.device, "\(name) is a device; make the archive without it")
        case UInt8(ascii: "6"):
            throw ArchiveError(.pipe, "\(name) is a named pipe; make the archive without it")
        case UInt8(ascii: "S"):
            throw ArchiveError(.sparse, "\(name) is stored with holes; make the archive without --sparse")
        default:
            throw ArchiveError(
                .typeUnsupported, "\(name) has the type \(EntryPath.shown([typeFlag])); archive plain files and directories only")
        }
    }
}
