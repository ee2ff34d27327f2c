import FileTree

/// The files of the fleet's log: `fleet/log-<position of the first byte>.jsonl`, contiguous.
struct FleetLogFolder {
    /// The data directory.
    let root: Directory
    private let folder: Directory

    private static let prefix = "log-"
    private static let suffix = ".jsonl"
    private static let digits = 20

    init(root: Directory) throws(FileTreeError) {
        self.root = root
        folder = try root.makeDirectory("fleet")
    }

    /// Positions at which the segments begin, rising.
    func starts() throws(FileTreeError) -> [Int64] { try folder.names().compactMap(Self.start).sorted() }

    /// The segment that begins at a position; nil when there is none.
    func open(_ start: Int64) throws(FileTreeError) -> Descriptor? {
        do {
            return try root.openFile(Self.path(start))
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    static func path(_ start: Int64) -> String {
        let number = String(start)
        return "fleet/\(prefix)\(String(repeating: "0", count: max(0, digits - number.count)))\(number)\(suffix)"
    }

    private static func start(_ name: String) -> Int64? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let number = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard let start = Int64(number), start >= 0, path(start) == "fleet/\(name)" else { return nil }
        return start
    }
}
