import FileTree

/// What the content store holds, and what it saves.
public struct StoreStatistics: Sendable, Equatable {
    public internal(set) var files: Int64 = 0
    public internal(set) var bytes: Int64 = 0
    /// Files by how many updates hold them.
    public internal(set) var filesByUpdates: [Int: Int64] = [:]
    /// Bytes that no update holds.
    public internal(set) var unusedBytes: Int64 = 0
    /// What the updates would take more if each had its own copies.
    public internal(set) var savedBytes: Int64 = 0
    /// Files that were found damaged and are still held.
    public internal(set) var damagedFiles = 0
}

extension ContentStore {
    /// Looks at every file of the store, and reads none.
    public func statistics() throws(UpdateTreeError) -> StoreStatistics {
        var statistics = StoreStatistics()
        try storage { () throws(FileTreeError) in
            let listing = try StoreListing(self)
            for path in listing.folders {
                let folder = try root.directory(path)
                for item in try listing.items(in: path) where item.content != nil {
                    guard let status = folder.entry(item.name), status.kind == .file else { continue }
                    let updates = Int(status.links) - 1
                    statistics.files += 1
                    statistics.bytes += status.size
                    statistics.filesByUpdates[updates, default: 0] += 1
                    if updates == 0 { statistics.unusedBytes += status.size }
                    statistics.savedBytes += Int64(max(0, updates - 1)) * status.size
                }
            }
        }
        statistics.damagedFiles = try damagedCopies().count
        return statistics
    }
}
