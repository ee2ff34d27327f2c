import FileTree

extension Repository {
    /// As many as Linux follows.
    private static let mostLinks = 40
    /// Components of a path, with those that symlinks add.
    private static let longestPath = 1024

    /// The content of the file at `path` in `commit`, nil when there is none. Symlinks lead on inside the tree, as they
    /// would on a device that runs it: `etc/os-release` → `../usr/lib/os-release`.
    public func readFile(_ path: String, in commit: Commit, limit: Int) throws(OSTreeError) -> [UInt8]? {
        var trail = [commit.tree]
        var rest = Self.components(path)
        var links = 0
        while let component = rest.popLast() {
            if component == ".." {
                // The root's parent is the root.
                if trail.count > 1 { trail.removeLast() }
                continue
            }
            guard rest.count + trail.count <= Self.longestPath else { throw Self.unresolvable(path) }
            guard let current = trail.last,
                let entry = try DirectoryTree.entry(Array(component.utf8), in: try metadata(ObjectName(current, .dirtree)))
            else { return nil }
            switch entry {
            case .directory(let checksum, _): trail.append(checksum)
            case .file(let checksum):
                let (target, content) = try file(checksum, limit: limit)
                guard let target else { return rest.isEmpty ? content : nil }
                links += 1
                guard links <= Self.mostLinks else { throw Self.unresolvable(path) }
                if target.hasPrefix("/") { trail.removeLast(trail.count - 1) }
                rest += Self.components(target)
            }
        }
        return nil
    }

    /// The target of a symlink, or the content of a file.
    private func file(_ checksum: Checksum, limit: Int) throws(OSTreeError) -> (target: String?, content: [UInt8]) {
        let name = ObjectName(checksum, .filez)
        var content: [UInt8] = []
        let found = try ObjectCheck().content(name, try open(name), isCancelled: { false }) { piece throws(OSTreeError) in
            guard content.count + piece.count <= limit else {
                throw OSTreeError(.objectTooLarge, "\(name) has more than \(limit) bytes")
            }
            content.append(contentsOf: piece)
        }
        return (found.header.target, content)
    }

    /// The components in reverse: the next one is the last.
    private static func components(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }.reversed()
    }

    private static func unresolvable(_ path: String) -> OSTreeError {
        let shown = String(path.prefix(200)).debugDescription
        return OSTreeError(.pathInvalid, "\(shown) leads through too many symlinks or directories; mend the links in the image")
    }
}
