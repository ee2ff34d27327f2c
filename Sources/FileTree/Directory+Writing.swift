import CFileTree
import Glibc

extension Directory {
    /// Opens a directory beneath this one, making it when it is absent.
    public func makeDirectory(_ name: String, mode: UInt32 = 0o755) throws(FileTreeError) -> Directory {
        if mkdirat(descriptor.number, name, mode) != 0, errno != EEXIST {
            throw FileTreeError(errno: errno, doing: "create the directory", at: "\(path)/\(name)")
        }
        return try directory(name)
    }

    /// Opens a plain file for writing at offsets, making it when it is absent.
    public func openForWriting(_ name: String, mode: UInt32 = 0o644) throws(FileTreeError) -> Descriptor {
        let number = filetree_open_beneath(descriptor.number, name, O_RDWR | O_CREAT | O_NONBLOCK, mode, 0)
        guard number >= 0 else { throw FileTreeError(errno: -number, doing: "open", at: "\(path)/\(name)") }
        return Descriptor(owning: number)
    }

    /// Makes a new file; throws `.alreadyExists` when the name is taken.
    public func create(_ name: String, mode: UInt32 = 0o644) throws(FileTreeError) -> Descriptor {
        let number = filetree_open_beneath(descriptor.number, name, O_RDWR | O_CREAT | O_EXCL, mode, 0)
        guard number >= 0 else { throw FileTreeError(errno: -number, doing: "create", at: "\(path)/\(name)") }
        return Descriptor(owning: number)
    }

    /// Puts `bytes` at `name` as a whole: whoever opens it sees the old content or the new, also after a crash.
    ///
    /// With `synced` false the rename is atomic but not yet on the disk: for callers that hold a journal.
    public func replace(
        _ name: String, with bytes: some Sequence<UInt8>, mode: UInt32 = 0o644, synced: Bool = true
    ) throws(FileTreeError) {
        let temporary = ".\(name).new"
        unlinkat(descriptor.number, temporary, 0)
        let file = try create(temporary, mode: mode)
        try file.write(Array(bytes), at: 0)
        if synced { try file.sync() }
        guard renameat(descriptor.number, temporary, descriptor.number, name) == 0 else {
            throw FileTreeError(errno: errno, doing: "replace", at: "\(path)/\(name)")
        }
        if synced { try syncNames() }
    }

    /// Returns when the names in this directory are on the disk.
    public func syncNames() throws(FileTreeError) {
        guard fsync(descriptor.number) == 0 else { throw FileTreeError(errno: errno, doing: "sync", at: path) }
    }

    /// Moves an entry of this directory to another one; throws `.alreadyExists` when the new name is taken.
    public func move(_ name: String, to target: Directory, as newName: String) throws(FileTreeError) {
        let result = filetree_rename_exclusive(descriptor.number, name, target.descriptor.number, newName)
        guard result == 0 else {
            throw FileTreeError(errno: -result, doing: "move \(path)/\(name) to", at: "\(target.path)/\(newName)")
        }
    }

    /// Makes a symbolic link, or replaces it.
    public func link(_ name: String, to destination: String) throws(FileTreeError) {
        unlinkat(descriptor.number, name, 0)
        guard symlinkat(destination, descriptor.number, name) == 0 else {
            throw FileTreeError(errno: errno, doing: "link", at: "\(path)/\(name)")
        }
    }

    /// Removes a file, a link, or a directory with all it holds; says nothing when there is none.
    public func remove(_ name: String) throws(FileTreeError) {
        if unlinkat(descriptor.number, name, 0) == 0 || errno == ENOENT || errno == ENOTDIR { return }
        guard errno == EISDIR || errno == EPERM else {
            throw FileTreeError(errno: errno, doing: "remove", at: "\(path)/\(name)")
        }
        let child = try directory(name)
        for entry in try child.names() { try child.remove(entry) }
        guard unlinkat(descriptor.number, name, AT_REMOVEDIR) == 0 else {
            throw FileTreeError(errno: errno, doing: "remove", at: "\(path)/\(name)")
        }
    }

    /// Returns when everything on this directory's file system is on its disk.
    public func syncFileSystem() throws(FileTreeError) {
        let result = filetree_sync_filesystem(descriptor.number)
        guard result == 0 else { throw FileTreeError(errno: -result, doing: "sync", at: path) }
    }

    /// Takes the lock file `name` for this process until the returned descriptor is released.
    /// Throws `.inUse` when another process holds it.
    public func lock(_ name: String) throws(FileTreeError) -> Descriptor {
        let file = try openForWriting(name, mode: 0o600)
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
            throw FileTreeError(.inUse, "\(path)/\(name) is locked by another process; stop it first")
        }
        return file
    }
}
