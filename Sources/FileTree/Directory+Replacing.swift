import CFileTree
import Glibc

extension Directory {
    /// Puts `bytes` at `name` as a whole: whoever opens it sees the old content or the new, also after a crash.
    ///
    /// With `synced` false the rename is atomic but not yet on the disk: for callers that hold a journal.
    public func replace(
        _ name: String, with bytes: some Sequence<UInt8>, mode: UInt32 = 0o644, synced: Bool = true
    ) throws(FileTreeError) {
        let (parent, last) = try place(of: name, doing: "replace")
        let temporary = ".\(last).new"
        let file = try parent.makeAlone(temporary, mode: mode)
        do throws(FileTreeError) {
            try file.write(Array(bytes), at: 0)
            if synced { try file.sync() }
            guard renameat(parent.descriptor.number, temporary, parent.descriptor.number, last) == 0 else {
                throw FileTreeError(errno: errno, doing: "replace", at: "\(path)/\(name)")
            }
        } catch {
            // On a full disk the half-written file would keep the space that the next attempt needs.
            unlinkat(parent.descriptor.number, temporary, 0)
            throw error
        }
        guard synced else { return }
        // A parent that was opened for its path alone cannot be synced.
        try parent.descriptor === descriptor ? syncNames() : parent.directory(".").syncNames()
    }

    /// Makes a new file that nobody else writes to. Whoever makes the same one waits until this one was renamed;
    /// what a killed process left behind is removed.
    private func makeAlone(_ name: String, mode: UInt32) throws(FileTreeError) -> Descriptor {
        while true {
            let number = filetree_open_beneath(descriptor.number, name, O_RDWR | O_CREAT | O_EXCL, mode, 0)
            if number >= 0 {
                let file = Descriptor(owning: number)
                if try takes(file, name) { return file }
                continue
            }
            guard number == -EEXIST else { throw FileTreeError(errno: -number, doing: "create", at: "\(path)/\(name)") }
            let present = filetree_open_beneath(descriptor.number, name, O_RDONLY | O_NONBLOCK, 0, 0)
            if present == -ENOENT { continue }
            guard present >= 0 else { throw FileTreeError(errno: -present, doing: "create", at: "\(path)/\(name)") }
            if try takes(Descriptor(owning: present), name), unlinkat(descriptor.number, name, 0) != 0 {
                throw FileTreeError(errno: errno, doing: "remove", at: "\(path)/\(name)")
            }
        }
    }

    /// Waits for the lock of `file`; true when `name` still is that file.
    private func takes(_ file: Descriptor, _ name: String) throws(FileTreeError) -> Bool {
        while flock(file.number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileTreeError(errno: errno, doing: "lock", at: "\(path)/\(name)") }
        }
        let own = try file.status()
        guard let present = status(name) else { return false }
        return own.device == present.device && own.inode == present.inode
    }
}
