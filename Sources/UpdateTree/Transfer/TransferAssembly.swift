import FileTree

/// Puts an update together from the store and the parts, by links: nothing is copied.
struct TransferAssembly: Sendable {
    let store: ContentStore
    let folder: TransferFolder

    func run(_ files: [Inventory.File], into content: Directory) throws(UpdateTreeError) {
        var made: [Substring: Directory] = [:]
        var used = Set<String>()
        try storage { () throws(FileTreeError) in
            for file in files {
                guard let slash = file.path.utf8.lastIndex(of: UInt8(ascii: "/")) else { continue }
                let parent = try Self.make(file.path[..<slash], in: content, &made)
                let name = String(file.path[file.path.utf8.index(after: slash)...])
                switch file.content {
                case .shared(let shared):
                    guard try store.provide(shared, to: parent, as: name) else {
                        throw FileTreeError(.failed, "the store lost \(shared.pathInStore) meanwhile; try again")
                    }
                case .plain: try place(TransferFolder.partName(of: file.content), as: name, in: parent, &used)
                }
            }
        }
    }

    /// Two files with the same bytes stay two files: whoever changes one must not change the other.
    private func place(_ part: String, as name: String, in parent: Directory, _ used: inout Set<String>) throws(FileTreeError) {
        try folder.root.setMode(0o644, of: part)
        guard used.insert(part).inserted else {
            try parent.create(name).copyContents(of: folder.root.openFile(part))
            return
        }
        guard try parent.hardLink(name, to: part, in: folder.root) else {
            throw FileTreeError(.failed, "a fetched file vanished meanwhile; try again")
        }
    }

    private static func make(_ path: Substring, in root: Directory, _ made: inout [Substring: Directory]) throws(FileTreeError) -> Directory
    {
        if let directory = made[path] { return directory }
        let directory: Directory
        if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            let parent = try make(path[..<slash], in: root, &made)
            directory = try parent.makeDirectory(String(path[path.utf8.index(after: slash)...]))
        } else {
            directory = try root.makeDirectory(String(path))
        }
        made[path] = directory
        return directory
    }
}
