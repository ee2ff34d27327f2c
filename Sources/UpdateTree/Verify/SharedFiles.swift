import FileTree

/// Which files of an update are files of the content store: the same file under another name, so checked before.
struct SharedFiles: Sendable {
    private let contents: Set<SharedContent>
    let bytes: Int64

    var count: Int { contents.count }

    init(store: ContentStore, files: [UpdateWalk.File]) {
        var contents = Set<SharedContent>()
        var bytes: Int64 = 0
        for file in files where file.status.links > 1 {
            guard let shared = file.shared, store.holds(file.status, as: shared) else { continue }
            contents.insert(shared)
            bytes += file.status.size
        }
        self.contents = contents
        self.bytes = bytes
    }

    func contains(_ content: SharedContent) -> Bool { contents.contains(content) }
}
