import FileTree

extension UpdateLibrary {
    /// The updates whose file of that content is the very file with this status.
    func updates(holding file: FileStatus, as content: SharedContent) throws(UpdateTreeError) -> [UpdateKey] {
        // Most of the store is held by somebody; what has no second name is held by nobody.
        guard file.links > 1 || file.kind != .file else { return [] }
        return try catalogue.keys().filter { key in
            guard let own = catalogue.root.status("\(key.path)/\(content.path)") else { return false }
            return own.device == file.device && own.inode == file.inode
        }
    }
}
