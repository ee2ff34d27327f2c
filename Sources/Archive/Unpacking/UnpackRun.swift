import FileTree

/// One run of `Unpacking`: what it holds open and has counted.
struct UnpackRun: ~Copyable {
    /// Expanded bytes between two reports.
    private static let reportInterval: Int64 = 4 << 20
    /// Bytes of one write, and all of a file that is ever in memory.
    private static let chunk = 256 << 10

    private var reader: ArchiveReader
    private let limits: UnpackLimits
    private var directories: DirectoryStack
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    private var top = TopDirectory()
    private var fileCount: Int64 = 0
    private var directoryCount: Int64 = 0
    private var contentBytes: Int64 = 0
    private var lastReported: Int64 = 0

    init(reader: consuming ArchiveReader, target: Directory, limits: UnpackLimits) {
        self.reader = reader
        self.limits = limits
        directories = DirectoryStack(root: target)
    }

    deinit { buffer.deallocate() }

    mutating func finish(place: Unpacking.Place?, report: Unpacking.Report) throws(ArchiveError) -> Unpacked {
        while let entry = try reader.next() {
            top.see(entry)
            switch entry.kind {
            case .directory:
                directoryCount += 1
                try directories.enter(entry.path.components, isNamed: true)
            case .file(let size):
                fileCount += 1
                contentBytes += size
                try unpack(entry.path, size, place, report)
            }
            guard directories.implied + reader.progress.entries <= limits.mostEntries else { throw limits.tooManyEntries() }
            try reportIfDue(report)
        }
        guard !top.isEmpty else { throw ArchiveError(.empty, "the archive holds nothing; put files into it") }
        try report(reader.progress)
        return Unpacked(
            compression: reader.compression, files: fileCount, directories: directoryCount, contentBytes: contentBytes,
            total: reader.progress, soleTopDirectory: top.sole)
    }

    private mutating func unpack(
        _ path: EntryPath, _ size: Int64, _ place: Unpacking.Place?, _ report: Unpacking.Report
    ) throws(ArchiveError) {
        guard let name = path.components.last else { return }
        let parent = try directories.enter(path.components.dropLast(), isNamed: false)
        if let place {
            // Before the caller acts: what is there already, it would run into.
            if let present = parent.status(name) { throw Self.taken(path, present) }
            if try place(path.text, size, parent, name) { return }
        }
        let file = try create(path, name, in: parent)
        var offset: Int64 = 0
        while true {
            let count = try reader.read(into: buffer)
            guard count > 0 else { return }
            do throws(FileTreeError) {
                try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: offset)
            } catch {
                throw ArchiveError(writing: error)
            }
            offset += Int64(count)
            try reportIfDue(report)
        }
    }

    private func create(_ path: EntryPath, _ name: String, in parent: Directory) throws(ArchiveError) -> Descriptor {
        do throws(FileTreeError) {
            return try parent.create(name)
        } catch {
            guard error.code == .alreadyExists else { throw ArchiveError(writing: error) }
            throw Self.taken(path, parent.status(name))
        }
    }

    private static func taken(_ path: EntryPath, _ present: FileStatus?) -> ArchiveError {
        guard present?.kind != .directory else { return .conflict(at: path.text) }
        return ArchiveError(.duplicate, "the file “\(path.text)” is in the archive twice; make the archive anew")
    }

    private mutating func reportIfDue(_ report: Unpacking.Report) throws(ArchiveError) {
        let progress = reader.progress
        guard progress.expandedBytes - lastReported >= Self.reportInterval else { return }
        lastReported = progress.expandedBytes
        try report(progress)
    }
}
