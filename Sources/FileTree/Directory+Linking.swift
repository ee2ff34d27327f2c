import CFileTree
import Glibc

extension Directory {
    /// Gives the plain file `name` of `source` a second name in this directory (a hard link). False when `source` has no
    /// such file; throws `.alreadyExists` when the new name is taken.
    ///
    /// Both are single names, not paths: this is done for thousands of files in a row.
    public func hardLink(_ newName: String, to name: String, in source: Directory) throws(FileTreeError) -> Bool {
        guard Self.isSingle(name), Self.isSingle(newName) else {
            throw FileTreeError(.notPlain, "cannot link \(path)/\(newName): that is no name of a file")
        }
        if linkat(source.descriptor.number, name, descriptor.number, newName, 0) == 0 { return true }
        if errno == ENOENT { return false }
        throw FileTreeError(errno: errno, doing: "link", at: "\(path)/\(newName)")
    }

    /// Like ``hardLink(_:to:in:)``, and replaces what has the name now: at no moment is there none.
    public func replaceByHardLink(_ newName: String, to name: String, in source: Directory) throws(FileTreeError) -> Bool {
        let temporary = ".\(newName).link"
        unlinkat(descriptor.number, temporary, 0)
        guard try hardLink(temporary, to: name, in: source) else { return false }
        guard renameat(descriptor.number, temporary, descriptor.number, newName) == 0 else {
            let error = FileTreeError(errno: errno, doing: "link", at: "\(path)/\(newName)")
            unlinkat(descriptor.number, temporary, 0)
            throw error
        }
        // rename(2) does nothing when both are links to one file already.
        unlinkat(descriptor.number, temporary, 0)
        return true
    }

    /// What the single name `name` is, in one call; nil when there is no such entry. Does not follow a link.
    public func entry(_ name: String) -> FileStatus? {
        var raw = stat()
        guard Self.isSingle(name), fstatat(descriptor.number, name, &raw, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return FileStatus(raw)
    }

    /// Puts the entry `name` of this directory and the entry `other` of `directory` in each other's place, in one step.
    public func exchange(_ name: String, with other: String, in directory: Directory) throws(FileTreeError) {
        let (from, last) = try place(of: name, doing: "exchange")
        let (to, otherLast) = try directory.place(of: other, doing: "exchange")
        let result = filetree_rename_exchange(from.descriptor.number, last, to.descriptor.number, otherLast)
        guard result == 0 else {
            throw FileTreeError(errno: -result, doing: "exchange \(path)/\(name) with", at: "\(directory.path)/\(other)")
        }
    }

    private static func isSingle(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
    }
}

extension Directory {
    /// Changes the mode of the plain file with the single name `name`.
    public func setMode(_ mode: UInt32, of name: String) throws(FileTreeError) {
        guard Self.isSingle(name), entry(name)?.kind == .file else {
            throw FileTreeError(.notPlain, "cannot change the mode of \(path)/\(name): that is no plain file")
        }
        guard fchmodat(descriptor.number, name, mode, 0) == 0 else {
            throw FileTreeError(errno: errno, doing: "change the mode of", at: "\(path)/\(name)")
        }
    }
}
