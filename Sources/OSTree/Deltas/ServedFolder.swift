import FileTree

/// A directory of a repository whose entries are sorted into directories by the first two characters of their names.
struct ServedFolder {
    private let name: String
    private let repository: Repository

    init(_ name: String, of repository: Repository) {
        self.name = name
        self.repository = repository
    }

    /// Calls `visit` with all entries two levels down, while one directory after the other is open. What is no such
    /// directory goes to `findings`.
    func forEach(_ findings: FindingCollector, visit: (_ folder: String, _ rest: String, _ directory: Directory) -> Void) {
        // Most repositories have none.
        guard let status = repository.directory.status(name) else { return }
        guard status.kind == .directory else {
            return findings.add(name, OSTreeError(.deltaStray, "it is no directory, so devices can fetch nothing below it"))
        }
        do throws(FileTreeError) {
            let top = try repository.directory.directory(name)
            for folder in try top.names() {
                guard top.status(folder)?.kind == .directory, folder.utf8.count == 2 else {
                    findings.add("\(name)/\(folder)", OSTreeError(.deltaStray, "nothing that devices ask for lies there"))
                    continue
                }
                let directory = try top.directory(folder)
                for rest in try directory.names() { visit(folder, rest, directory) }
            }
        } catch {
            findings.add(name, OSTreeError(opening: error))
        }
    }
}
