import FileTree

/// A file that turned out not to be what its name said, out of the way of imports: `store/damaged/<inode>-<name>`.
///
/// The updates that hold it still do: the copy is kept so that they can be told by its inode until each has a right one.
struct DamagedCopy: Sendable {
    let content: SharedContent
    /// As it was when it was listed.
    let status: FileStatus
    let name: String

    /// Relative to `store/`.
    var path: String { "\(ContentStore.asideFolder)/\(name)" }
}

extension ContentStore {
    static let asideFolder = "damaged"

    /// Takes the file out of the store in one step, so that no import takes it for the content any more, and remembers
    /// which file it was. Killed before or after, it is in one of both places.
    func setAside(_ content: SharedContent) throws(UpdateTreeError) -> DamagedCopy {
        try storage { () throws(FileTreeError) in
            let folder = try root.directory(content.folder)
            guard let status = folder.entry(content.fileName) else {
                throw FileTreeError(.notFound, "store/\(content.pathInStore) vanished; verify the store again")
            }
            // One file system has each inode once, so the name is free.
            let copy = DamagedCopy(content: content, status: status, name: "\(status.inode)-\(content.flatName)")
            let aside = try root.makeDirectory(Self.asideFolder)
            try folder.move(content.fileName, to: aside, as: copy.name)
            try aside.syncNames()
            try folder.syncNames()
            return copy
        }
    }

    func damagedCopies() throws(UpdateTreeError) -> [DamagedCopy] {
        guard let aside = try? root.directory(Self.asideFolder) else { return [] }
        return try storage { () throws(FileTreeError) in
            try aside.names().compactMap { name in
                guard let dash = name.firstIndex(of: "-"), let content = SharedContent(flatName: name[name.index(after: dash)...]),
                    let status = aside.entry(name)
                else { return nil }
                return DamagedCopy(content: content, status: status, name: name)
            }
        }
    }

    /// To be called when no update holds it any more.
    func forget(_ copy: DamagedCopy) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in try root.remove(copy.path) }
    }
}
