import FileTree

extension ContentStore {
    static let repairPrefix = ".repair-"

    /// A right copy under a temporary name in the store, on the disk.
    struct PreparedCopy {
        let content: SharedContent
        let folder: Directory
        let name: String
    }

    /// Copies what `source` shows and checks the copy, not the source: nobody changes it between check and use.
    /// Throws the defect when it is not the content.
    func prepare(
        _ content: SharedContent, from source: Descriptor, _ check: ContentCheck
    ) throws(UpdateTreeError) -> Result<PreparedCopy, ContentDefect> {
        let folder = try storage { () throws(FileTreeError) in try makeFolder(content.folder) }
        let name = Self.repairPrefix + Staging.uniqueName()
        var isRight = false
        defer { if !isRight { try? folder.remove(name) } }
        let copy = try storage { () throws(FileTreeError) in
            let copy = try folder.create(name, mode: 0o600)
            try copy.copyContents(of: source)
            return copy
        }
        do throws(ContentDefect) { _ = try check.check(content, copy) } catch { return .failure(error) }
        try storage { () throws(FileTreeError) in
            try copy.sync()
            try folder.setMode(Self.fileMode, of: name)
        }
        isRight = true
        return .success(PreparedCopy(content: content, folder: folder, name: name))
    }

    /// Gives a prepared copy its place, which is empty since the damaged file was set aside.
    func publish(_ copy: PreparedCopy) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in
            try copy.folder.move(copy.name, to: copy.folder, as: copy.content.fileName)
            try copy.folder.syncNames()
        }
    }
}
