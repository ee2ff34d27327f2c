import FileTree
import UpdateTree

/// A bundle that is a directory. Only plain files and directories may lie in it.
struct DirectoryBundleContents: BundleContents {
    private let root: Directory
    let sizes: [String: Int64]

    private static let deepest = 24
    private static let mostFiles = 4_000_000

    init(path: String) throws {
        root = try Directory(path: path)
        var sizes: [String: Int64] = [:]
        for name in try root.names() {
            // A stick has folders of its own beside ours.
            if BundleLayout.files.contains(name) {
                guard let status = root.entry(name), status.kind == .file else { throw Self.notPlain(name) }
                sizes[name] = status.size
            } else if BundleLayout.folders.contains(name) {
                guard root.entry(name)?.kind == .directory else { throw Self.notPlain(name) }
                try Self.walk(root.directory(name), at: name, depth: 1, &sizes)
            }
        }
        self.sizes = sizes
    }

    private static func walk(_ folder: Directory, at path: String, depth: Int, _ sizes: inout [String: Int64]) throws {
        guard depth < deepest else { throw BundleError(.fileUnexpected, "\(path) lies deeper than anything of a bundle; remove it") }
        for name in try folder.names() {
            let inner = "\(path)/\(name)"
            switch folder.entry(name)?.kind {
            case .directory: try walk(folder.directory(name), at: inner, depth: depth + 1, &sizes)
            case .file:
                sizes[inner] = folder.entry(name)?.size
                guard sizes.count <= mostFiles else { throw BundleError(.fileUnexpected, "the bundle has more than \(mostFiles) files") }
            case .other, nil: throw notPlain(inner)
            }
        }
    }

    private static func notPlain(_ path: String) -> BundleError {
        BundleError(
            .fileNotPlain, "\(path.debugDescription) is a link or a device; a bundle holds plain files and directories: have it made anew")
    }

    func file(_ path: String) throws -> BundleFile? {
        guard let size = sizes[path] else { return nil }
        return BundleFile(file: try root.openFile(path), offset: 0, size: size)
    }
}
