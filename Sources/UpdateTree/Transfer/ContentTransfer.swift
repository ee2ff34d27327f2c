import FileTree
import Synchronization

/// Fetches the files of an update that are not here, a few at a time, and compares each with its digest.
struct ContentTransfer<Source: TransferSource>: Sendable {
    let store: ContentStore
    let folder: TransferFolder
    let source: Source
    let parallel: Int
    /// The update as it lies here: what did not change is copied from there.
    let present: Directory?
    /// Told the bytes of every file that is here.
    let arrived: @Sendable (Int64) -> Void
    let checkpoint: @Sendable (TransferStep) throws -> Void

    /// Files that came and are checked go to the store so many at a time: one flush of the disk for all of them.
    private static var mostWaiting: Int { 512 }
    private static var mostWaitingBytes: Int64 { 256 << 20 }

    /// Fetches shared content into the store.
    func fetchShared(_ files: [Inventory.File]) async throws {
        let waiting = Mutex<[Inventory.File]>([])
        do {
            try await each(files) { file in
                try await fetch(file)
                let batch = waiting.withLock { waiting -> [Inventory.File] in
                    waiting.append(file)
                    guard waiting.count >= Self.mostWaiting || waiting.reduce(0, { $0 + $1.size }) >= Self.mostWaitingBytes else {
                        return []
                    }
                    defer { waiting = [] }
                    return waiting
                }
                if !batch.isEmpty { try await adopt(batch) }
            }
        } catch {
            // What is whole need not be fetched again, whatever became of the rest.
            try? await adopt(waiting.withLock { $0 })
            throw error
        }
        try await adopt(waiting.withLock { $0 })
    }

    /// Fetches other files; each stays as a part until the update is assembled.
    func fetchPlain(_ files: [Inventory.File]) async throws {
        var seen = Set<Inventory.Content>()
        try await each(files.filter { seen.insert($0.content).inserted }) { file in try await fetch(file) }
    }

    private func each(_ files: [Inventory.File], _ body: @escaping @Sendable (Inventory.File) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = files.makeIterator()
            for _ in 0..<max(1, parallel) {
                guard let file = rest.next() else { break }
                group.addTask { try await body(file) }
            }
            while try await group.next() != nil {
                guard let file = rest.next() else { continue }
                group.addTask { try await body(file) }
            }
        }
    }

    /// Returns when the part is complete and is what its digest says. One that was begun by a former transfer gets a
    /// second chance: then it is fetched from the first byte.
    private func fetch(_ file: Inventory.File) async throws {
        let part = try folder.part(of: file.content)
        var start = try await begin(part, file)
        while true {
            try Task.checkCancellation()
            try checkpoint(.fetching(file.path))
            if start < file.size { try await source.fetch(file, from: start, into: part) }
            try checkpoint(.fetched(file.path))
            guard let defect = try await defect(of: file, part) else { break }
            guard start > 0 else {
                try folder.discard(file.content)
                throw TransferError(.contentWrong, "\(file.path): \(defect); it was discarded, check it where it comes from")
            }
            try storage { () throws(FileTreeError) in try part.truncate(to: 0) }
            start = 0
        }
        try checkpoint(.checked(file.path))
        arrived(file.size)
    }

    /// How many bytes of the file are here: of a former transfer, or of the update that it takes the place of.
    private func begin(_ part: Descriptor, _ file: Inventory.File) async throws -> Int64 {
        let size = try storage { () throws(FileTreeError) in try part.status().size }
        if size > 0, size <= file.size { return size }
        try storage { () throws(FileTreeError) in try part.truncate(to: 0) }
        guard case .plain = file.content, let present, present.status(file.path)?.size == file.size else { return 0 }
        return try await DiskWork.run {
            try storage { () throws(FileTreeError) in try part.copyContents(of: present.openFile(file.path)) }
        }
    }

    /// Why the part is not the file, in words; nil when it is.
    private func defect(of file: Inventory.File, _ part: Descriptor) async throws -> String? {
        try await DiskWork.run {
            let size = try storage { () throws(FileTreeError) in try part.status().size }
            guard size == file.size else { return "it has \(size) bytes and not \(file.size)" }
            switch file.content {
            case .plain(let digest):
                let found = try storage { () throws(FileTreeError) in try FileDigest.of(part) }
                return found == digest ? nil : "its digest is \(found)"
            case .shared(let content): return try Self.defect(of: content, part)
            }
        }
    }

    private static func defect(of content: SharedContent, _ part: Descriptor) throws(UpdateTreeError) -> String? {
        let check = try ContentCheck()
        do {
            _ = try check.check(content, part)
            return nil
        } catch {
            guard !error.isUnreadable else { throw UpdateTreeError(.storage, error.message) }
            return "\(error.slug): \(error.message)"
        }
    }

    /// Puts checked parts into the store. They are on the disk before: the store's files are never read again.
    private func adopt(_ files: [Inventory.File]) async throws {
        guard !files.isEmpty else { return }
        try checkpoint(.adopting)
        try await DiskWork.run { [folder, store] in
            try storage { () throws(FileTreeError) in
                try folder.root.syncFileSystem()
                for file in files {
                    guard case .shared(let content) = file.content else { continue }
                    let name = TransferFolder.partName(of: file.content)
                    try store.adopt(content, from: folder.root, name: name)
                    try folder.root.remove(name)
                }
            }
        }
    }
}
