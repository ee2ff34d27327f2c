import FileTree
import TUF

extension UpdateLibrary {
    /// Replaces the file of an update that is this damaged copy by a name of the store's right one, in one rename: a
    /// device gets the old file or the new one, never a part.
    ///
    /// An update that was accepted as it lay there stays accepted: its content is what was checked, only the times of
    /// its directories moved. Killed before that is recorded, the update counts as unchecked until the server checked
    /// it again.
    func relink(_ key: UpdateKey, _ copy: DamagedCopy) throws(UpdateTreeError) {
        guard let directory = try? catalogue.root.directory(key.path), let folder = store.openFolder(copy.content.folder) else { return }
        let current = verdicts.verdict(on: key)
        let name = copy.content.fileName
        let parent = String(copy.content.path.dropLast(name.utf8.count + 1))
        try storage { () throws(FileTreeError) in
            let place = try directory.directory(parent)
            guard let own = place.entry(name), own.inode == copy.status.inode, own.device == copy.status.device else { return }
            guard try place.replaceByHardLink(name, to: name, in: folder) else {
                throw FileTreeError(.notFound, "store/\(copy.content.pathInStore) vanished; verify the store again")
            }
            try place.syncNames()
        }
        guard let current, current.isAccepted else { return }
        try verdicts.record(Verdict(current, fingerprint: UpdateFingerprint(directory)), inventory: nil, of: key)
    }

    /// Records that an update holds a damaged file, so that it is served no longer. One that was not accepted as it
    /// lies there is left as it is: its own check finds the damage.
    func refuse(_ key: UpdateKey, because defect: Finding, now: MetadataTime) throws(UpdateTreeError) {
        guard let current = verdicts.verdict(on: key), current.isAccepted else { return }
        try verdicts.record(Verdict(refusing: current, because: defect, checkedAt: now.seconds), inventory: nil, of: key)
    }
}
