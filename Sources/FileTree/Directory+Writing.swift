import CFileTree
import Glibc

extension Directory {
    /// Opens a directory beneath this one, making it when it is absent.
    public func makeDirectory(_ name: String, mode: UInt32 = 0o755) throws(FileTreeError) -> Directory {
        let (parent, last) = try place(of: name, doing: "create the directory")
        if mkdirat(parent.descriptor.number, last, mode) != 0, errno != EEXIST {
            throw FileTreeError(errno: errno, doing: "create the directory", at: "\(path)/\(name)")
        }
        return try directory(name)
    }

    /// Opens a plain file for writing at offsets, making it when it is absent.
    public func openForWriting(_ name: String, mode: UInt32 = 0o644) throws(FileTreeError) -> Descriptor {
        try openBeneath(name, O_RDWR | O_CREAT | O_NONBLOCK, mode: mode, doing: "open")
    }

    /// Makes a new file; throws `.alreadyExists` when the name is taken.
    public func create(_ name: String, mode: UInt32 = 0o644) throws(FileTreeError) -> Descriptor {
        try openBeneath(name, O_RDWR | O_CREAT | O_EXCL, mode: mode, doing: "create")
    }

    /// Returns when the names in this directory are on the disk.
    public func syncNames() throws(FileTreeError) {
        guard fsync(descriptor.number) == 0 else { throw FileTreeError(errno: errno, doing: "sync", at: path) }
    }

    /// Moves an entry of this directory to another one; throws `.alreadyExists` when the new name is taken.
    public func move(_ name: String, to target: Directory, as newName: String) throws(FileTreeError) {
        let (from, last) = try place(of: name, doing: "move")
        let (to, newLast) = try target.place(of: newName, doing: "move to")
        let result = filetree_rename_exclusive(from.descriptor.number, last, to.descriptor.number, newLast)
        guard result == 0 else {
            throw FileTreeError(errno: -result, doing: "move \(path)/\(name) to", at: "\(target.path)/\(newName)")
        }
    }

    /// Makes a symbolic link, or replaces it: at no moment is there none.
    public func link(_ name: String, to destination: String) throws(FileTreeError) {
        let (parent, last) = try place(of: name, doing: "link")
        let number = parent.descriptor.number
        let temporary = ".\(last).new"
        unlinkat(number, temporary, 0)
        guard symlinkat(destination, number, temporary) == 0 else {
            throw FileTreeError(errno: errno, doing: "link", at: "\(path)/\(name)")
        }
        guard renameat(number, temporary, number, last) == 0 else {
            let error = FileTreeError(errno: errno, doing: "link", at: "\(path)/\(name)")
            unlinkat(number, temporary, 0)
            throw error
        }
    }

    /// Removes a file, a link, or a directory with all it holds; says nothing when there is none.
    public func remove(_ name: String) throws(FileTreeError) {
        let place: (parent: Directory, name: String)
        do {
            place = try self.place(of: name, doing: "remove")
        } catch {
            guard error.code == .notFound else { throw error }
            return
        }
        try place.parent.removeEntry(Array(place.name.utf8) + [0])
    }

    /// By its bytes: a name that is not UTF-8 must not keep a tree from being removed.
    private func removeEntry(_ name: [UInt8]) throws(FileTreeError) {
        if unlink(name, 0) == 0 || errno == ENOENT || errno == ENOTDIR { return }
        let shown = "\(path)/\(String(decoding: name.dropLast(), as: UTF8.self))"
        guard errno == EISDIR || errno == EPERM else { throw FileTreeError(errno: errno, doing: "remove", at: shown) }
        let number = name.withUnsafeBytes {
            filetree_open_beneath(
                descriptor.number, $0.baseAddress?.assumingMemoryBound(to: CChar.self), O_RDONLY | O_DIRECTORY, 0, 0)
        }
        guard number >= 0 else { throw FileTreeError(errno: -number, doing: "remove", at: shown) }
        let child = Directory(descriptor: Descriptor(owning: number), path: shown)
        for entry in try child.rawNames() { try child.removeEntry(entry) }
        guard unlink(name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
            throw FileTreeError(errno: errno, doing: "remove", at: shown)
        }
    }

    private func unlink(_ name: [UInt8], _ flags: Int32) -> Int32 {
        name.withUnsafeBytes {
            $0.baseAddress.map { unlinkat(descriptor.number, $0.assumingMemoryBound(to: CChar.self), flags) } ?? -1
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
        let file = try openLock(name)
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw FileTreeError(errno: errno, doing: "lock", at: "\(path)/\(name)") }
            throw FileTreeError(.inUse, "\(path)/\(name) is locked by another process; stop it first")
        }
        return file
    }

    /// Like ``lock(_:)``, and waits while another holder has it. Several may share it.
    public func waitForLock(_ name: String, shared: Bool = false) throws(FileTreeError) -> Descriptor {
        let file = try openLock(name)
        while flock(file.number, shared ? LOCK_SH : LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileTreeError(errno: errno, doing: "lock", at: "\(path)/\(name)") }
        }
        return file
    }

    private func openLock(_ name: String) throws(FileTreeError) -> Descriptor {
        guard !name.utf8.contains(0) else { throw FileTreeError(.notPlain, "cannot lock a name with a NUL in \(path)") }
        let number = filetree_open_beneath(descriptor.number, name, O_RDWR | O_CREAT | O_NONBLOCK, 0o600, 0)
        guard number >= 0 else { throw FileTreeError(errno: -number, doing: "lock", at: "\(path)/\(name)") }
        return Descriptor(owning: number, holdingLock: true)
    }
}
