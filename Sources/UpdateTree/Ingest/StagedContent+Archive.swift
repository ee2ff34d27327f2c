import Archive
import FileTree

extension StagedContent {
    /// Unpacks an archive and returns the directory that holds the update: `target`, or the one directory that all of
    /// the archive lies in. What is no part of an update is removed again; its names are returned.
    func unpack(
        _ archive: Descriptor, to target: Directory, limits: UnpackLimits
    ) throws(UpdateTreeError) -> (content: Directory, leftOut: [String]) {
        let content = try unpackAll(archive, to: target, limits: limits)
        return try storage { () throws(FileTreeError) in
            let leftOut = try content.names().filter { !UpdateParts.names.contains($0) }
            for name in leftOut { try content.remove(name) }
            return (content, leftOut)
        }
    }

    private func unpackAll(_ archive: Descriptor, to target: Directory, limits: UnpackLimits) throws(UpdateTreeError) -> Directory {
        let place: Unpacking.Place = { [store] path, _, parent, name throws(ArchiveError) in
            guard let shared = Self.shared(path) else { return false }
            do throws(FileTreeError) { return try store.provide(shared, to: parent, as: name) } catch {
                // The archive names the file twice; the unpacking says so better.
                if error.code == .alreadyExists { return false }
                throw ArchiveError(writing: error)
            }
        }
        let report: Unpacking.Report = { [progress] made throws(ArchiveError) in
            progress(VerificationProgress(step: .unpacking, done: made.expandedBytes, total: 0, unit: .bytes))
        }
        do {
            let unpacked = try Unpacking(into: target, limits: limits, place: place, progress: report).run(DescriptorSource(archive))
            guard let top = unpacked.soleTopDirectory, !UpdateParts.names.contains(top) else { return target }
            return try storage { () throws(FileTreeError) in try target.directory(top) }
        } catch let error as ArchiveError {
            throw UpdateTreeError(error)
        } catch let error as UpdateTreeError {
            throw error
        } catch {
            throw UpdateTreeError(.storage, "\(error)")
        }
    }

    /// An archive may hold the update itself or one directory with it.
    private static func shared(_ path: String) -> SharedContent? {
        if let shared = SharedContent(path: path) { return shared }
        guard let slash = path.firstIndex(of: "/") else { return nil }
        return SharedContent(path: path[path.index(after: slash)...])
    }
}

extension UpdateTreeError {
    /// A disk that fails is ours to mend; everything else is the archive's fault and keeps its slug in the message.
    init(_ error: ArchiveError) {
        switch error.code {
        case .writeFailed, .readFailed, .targetNotEmpty:
            self.init(error.cause?.code == .full ? .storageFull : .storage, error.message)
        default: self.init(.archiveRefused, "\(error.code.rawValue): \(error.message)")
        }
    }
}
