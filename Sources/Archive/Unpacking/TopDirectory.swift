/// Finds out whether everything lies beneath one directory.
struct TopDirectory {
    private var name: String?
    private var isShared = true

    /// True while nothing but the root was seen.
    var isEmpty: Bool { name == nil }
    var sole: String? { isShared ? name : nil }

    mutating func see(_ entry: ArchiveEntry) {
        guard let first = entry.path.components.first else { return }
        if entry.path.components.count == 1, entry.kind != .directory { isShared = false }
        if let name, !name.utf8.elementsEqual(first.utf8) { isShared = false }
        name = name ?? first
    }
}
