import FileTree

/// What lies in the content store, folder by folder: never more than one folder's names are held.
struct StoreListing {
    struct Item: Sendable {
        let name: String
        /// Relative to `store/`.
        let path: String
        /// Nil when its name says of no content.
        let content: SharedContent?

        /// Left by a repair that was killed.
        var isLeftover: Bool { name.hasPrefix(ContentStore.repairPrefix) }
    }

    /// Paths of the folders that hold content, relative to `store/`.
    private(set) var folders: [String] = []
    /// Whatever lies where only folders belong.
    private(set) var strays: [String] = []
    private let store: ContentStore

    init(_ store: ContentStore) throws(FileTreeError) {
        self.store = store
        for entry in try store.root.entries() {
            switch entry.name {
            case "objects": try add(under: entry.name) { $0.utf8.count == 2 && $0.utf8.allSatisfy(Self.isHexDigit) }
            case "blobs": try add(under: entry.name) { $0 == "sha256" }
            case ContentStore.asideFolder: break
            default: strays.append(entry.name)
            }
        }
    }

    private mutating func add(under parent: String, where isFolder: (String) -> Bool) throws(FileTreeError) {
        guard let directory = try? store.root.directory(parent) else { return strays.append(parent) }
        for entry in try directory.entries() {
            let path = "\(parent)/\(entry.name)"
            if isFolder(entry.name), entry.kind ?? directory.entry(entry.name)?.kind == .directory {
                folders.append(path)
            } else {
                strays.append(path)
            }
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    func items(in folder: String) throws(FileTreeError) -> [Item] {
        try store.root.directory(folder).names().map { name in
            let path = "\(folder)/\(name)"
            return Item(name: name, path: path, content: SharedContent(pathInStore: path))
        }
    }

    func count() throws(FileTreeError) -> Int64 {
        var count: Int64 = 0
        for folder in folders { count += Int64(try store.root.directory(folder).names().count) }
        return count
    }
}
