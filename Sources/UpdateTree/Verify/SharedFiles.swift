import FileTree

/// Which files of an update are files of the content store: the same file under another name, so checked before.
struct SharedFiles: Sendable {
    private let contents: Set<SharedContent>
    let bytes: Int64

    var count: Int { contents.count }

    /// Files that one thread compares before it takes the next.
    private static let chunk = 512

    /// - Parameter workers: threads that compare at once.
    init(store: ContentStore, files: [UpdateWalk.File], workers: Int) {
        let starts = Array(stride(from: 0, to: files.count, by: Self.chunk))
        let held = Parallel.map(starts, workers: workers) { start in
            files[start..<min(start + Self.chunk, files.count)].compactMap { file -> (content: SharedContent, size: Int64)? in
                guard file.status.links > 1, let shared = file.shared, store.holds(file.status, as: shared) else { return nil }
                return (shared, file.status.size)
            }
        }
        var contents = Set<SharedContent>(minimumCapacity: held.reduce(0) { $0 + $1.count })
        var bytes: Int64 = 0
        for file in held.joined() {
            contents.insert(file.content)
            bytes += file.size
        }
        self.contents = contents
        self.bytes = bytes
    }

    func contains(_ content: SharedContent) -> Bool { contents.contains(content) }
}
