import FileTree
import TUF

/// Brings `tuf/` over and decides whether the rest is worth fetching: what is signed, for which channel and tag, and not
/// older than what is here.
struct MetadataTransfer<Source: TransferSource>: Sendable {
    let library: UpdateLibrary
    let key: UpdateKey
    let settings: VerificationSettings
    let source: Source
    let now: MetadataTime

    /// Fetches the files into `tuf`, each compared with its digest.
    func fetch(_ files: [Inventory.File], into tuf: Directory) async throws {
        for file in files {
            guard case .plain(let digest) = file.content, let slash = file.path.utf8.firstIndex(of: UInt8(ascii: "/")) else { continue }
            let name = String(file.path[file.path.utf8.index(after: slash)...])
            guard !name.utf8.contains(UInt8(ascii: "/")) else {
                throw TransferError(.inventoryUnusable, "\(DirectoryName.quoted(file.path)): tuf/ holds no directories; remove it")
            }
            let bytes = try await source.small(file.path, limit: Int(file.size))
            guard bytes.count == file.size, Digest(of: bytes) == digest else {
                throw TransferError(
                    .contentWrong, "\(file.path) is not what the inventory says; it may have changed meanwhile, try again")
            }
            try storage { () throws(FileTreeError) in try tuf.replace(name, with: bytes, synced: false) }
        }
    }

    /// - Parameter present: the update of this key as it lies here; nil when there is none.
    func check(_ tuf: Directory, against present: Directory?) -> UpdateReport {
        var report = UpdateReport(key: key)
        let trust = library.trust(of: key.channel)
        let metadata = MetadataCheck(key: key, trust: trust, settings: settings, now: now).run(tuf)
        for finding in metadata.findings { report.add(finding) }
        report.images = metadata.images
        report.expires = metadata.expires
        guard report.isAccepted else { return report }
        for finding in ImageCheck(key: key).run(metadata.images).findings { report.add(finding) }
        if report.isAccepted, let old = try? present?.directory("tuf"),
            let finding = RollbackCheck(trust: trust, now: now).run(old: old, new: tuf)
        {
            report.add(finding)
        }
        return report
    }
}
