import FileTree

/// Removes from the content store what no update holds any more.
///
/// What an update holds has more than one name, so a count of links says all: a file with one link is the store's
/// alone. It stays for a while all the same, for the next import probably shares it.
public struct StoreCollection: Sendable {
    public static let usualGrace: Duration = .seconds(7 * 86_400)

    let library: UpdateLibrary
    let grace: Duration

    public init(library: UpdateLibrary, grace: Duration = usualGrace) {
        self.library = library
        self.grace = grace
    }

    /// Tells what a collection would remove, and removes nothing.
    ///
    /// - Parameter now: seconds since 1970.
    public func preview(now: Int64, each: (CollectedFile) -> Void) throws(UpdateTreeError) -> CollectionSummary {
        try storage { () throws(FileTreeError) in try walk(now: now) { file, _ throws(FileTreeError) in each(file) } }
    }

    /// Removes, and tells each file that is gone. Throws `.storeBusy` while an import runs.
    ///
    /// An import takes files of the store one after the other, and between its look at one and its link that file has
    /// no second name. So whoever deletes holds the claim alone from the first look to the last file: no import is
    /// under way, and one that begins waits.
    ///
    /// - Parameter now: seconds since 1970.
    public func run(now: Int64, each: (CollectedFile) -> Void) throws(UpdateTreeError) -> CollectionSummary {
        guard let claim = try ImportClaim.collecting(in: library.data) else {
            throw UpdateTreeError(.storeBusy, "an import is running; collect again when it has ended")
        }
        return try claim.whileHeld { () throws(UpdateTreeError) in
            try storage { () throws(FileTreeError) in
                try walk(now: now) { file, folder throws(FileTreeError) in
                    try folder.remove(String(file.path[(file.path.lastIndex(of: "/") ?? file.path.startIndex)...].dropFirst()))
                    each(file)
                }
            }
        }
    }

    private func walk(
        now: Int64, _ collect: (CollectedFile, Directory) throws(FileTreeError) -> Void
    ) throws(FileTreeError) -> CollectionSummary {
        var summary = CollectionSummary()
        let listing = try StoreListing(library.store)
        for path in listing.strays { summary.foreign.add(library.store.root.status(path)?.size ?? 0) }
        for path in listing.folders {
            let folder = try library.store.root.directory(path)
            for item in try listing.items(in: path) {
                // Collected by somebody else since it was listed.
                guard let status = folder.entry(item.name) else { continue }
                guard status.kind == .file, item.isLeftover || item.content != nil else {
                    summary.foreign.add(status.size)
                    continue
                }
                let reason: CollectedFile.Reason = item.isLeftover ? .leftover : .unused
                try judge(CollectedFile(item.path, status, reason), status, now, folder, &summary, collect)
            }
        }
        guard let aside = try? library.store.root.directory(ContentStore.asideFolder) else { return summary }
        for name in try aside.names() {
            guard let status = aside.entry(name), status.kind == .file else { continue }
            let file = CollectedFile("\(ContentStore.asideFolder)/\(name)", status, .damaged)
            try judge(file, status, now, aside, &summary, collect)
        }
        return summary
    }

    private func judge(
        _ file: CollectedFile, _ status: FileStatus, _ now: Int64, _ folder: Directory, _ summary: inout CollectionSummary,
        _ collect: (CollectedFile, Directory) throws(FileTreeError) -> Void
    ) throws(FileTreeError) {
        guard status.links < 2 else {
            if file.reason == .damaged { summary.damaged.add(status.size) } else { summary.inUse.add(status.size) }
            return
        }
        // Whoever repairs holds the claim too: what is left of a repair belongs to nobody.
        guard file.reason == .leftover || now - file.since >= grace.components.seconds else {
            summary.withinGrace.add(status.size)
            return
        }
        summary.removed.add(status.size)
        try collect(file, folder)
    }
}

extension CollectedFile {
    init(_ path: String, _ status: FileStatus, _ reason: Reason) {
        // The change time moves when a name is removed: at the file's last one but this.
        self.init(path: path, size: status.size, reason: reason, since: status.changed / 1_000_000_000)
    }
}
