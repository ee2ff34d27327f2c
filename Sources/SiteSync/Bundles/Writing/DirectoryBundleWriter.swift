import FileTree
import UpdateTree

/// Makes a bundle as a directory. As long as `bundle.unfinished` lies in it, it is none.
final class DirectoryBundleWriter: BundleWriter {
    private let root: Directory

    /// Begins anew in a directory where an earlier one was not finished; throws `.targetTaken` when anything else lies there.
    init(path: String) throws {
        root = try Directory.make(path: path)
        let names = try root.names()
        if names.contains(BundleLayout.unfinished) {
            for name in BundleLayout.folders + BundleLayout.files where name != BundleLayout.unfinished { try root.remove(name) }
        } else if !names.isEmpty {
            throw BundleError(.targetTaken, "\(path) is not empty; name a directory that does not exist or holds nothing")
        } else {
            try root.create(BundleLayout.unfinished).sync()
            try root.syncNames()
        }
    }

    func add(_ path: String, _ bytes: [UInt8]) throws {
        let file = try create(path)
        try file.write(bytes, at: 0)
        try file.sync()
    }

    func add(_ path: String, size: Int64, _ piece: () throws -> [UInt8]) throws {
        let file = try create(path)
        var offset: Int64 = 0
        while true {
            let bytes = try piece()
            if bytes.isEmpty { break }
            try file.write(bytes, at: offset)
            offset += Int64(bytes.count)
        }
    }

    func settle() throws { try root.syncFileSystem() }

    func finish() throws {
        try root.syncNames()
        try root.remove(BundleLayout.unfinished)
        try root.syncNames()
    }

    private func create(_ path: String) throws -> Descriptor {
        var folder = root
        let parts = path.split(separator: "/")
        for part in parts.dropLast() { folder = try folder.makeDirectory(String(part)) }
        guard let name = parts.last else { throw BundleError(.malformed, "a file of the bundle has no name") }
        do {
            return try folder.create(String(name))
        } catch {
            guard error.code == .alreadyExists else { throw error }
            throw BundleError(
                .targetTaken, "\(path) is there already: the file system does not tell large letters from small ones; export to a tar file")
        }
    }
}
