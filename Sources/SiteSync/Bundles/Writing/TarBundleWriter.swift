import FileTree

/// Makes a bundle as one tar file: written as `<name>.part`, and renamed when it is whole.
final class TarBundleWriter: BundleWriter {
    private let folder: Directory
    private let name: String
    private let partName: String
    private var tar: TarWriter

    init(path: String) throws {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        partName = name + ".part"
        folder = try Directory(path: parent)
        guard !name.isEmpty, folder.entry(name) == nil else {
            throw BundleError(.targetTaken, "\(path) exists; name a file that does not")
        }
        // What an earlier export left that was killed.
        try folder.remove(partName)
        tar = TarWriter(file: try folder.create(partName))
    }

    func add(_ path: String, _ bytes: [UInt8]) throws {
        try tar.begin(path, size: Int64(bytes.count))
        try tar.write(bytes)
        try tar.end()
    }

    func add(_ path: String, size: Int64, _ piece: () throws -> [UInt8]) throws {
        try tar.begin(path, size: size)
        while true {
            let bytes = try piece()
            if bytes.isEmpty { break }
            try tar.write(bytes)
        }
        try tar.end()
    }

    func settle() throws {}

    func finish() throws {
        try tar.finish()
        try folder.move(partName, to: folder, as: name)
        try folder.syncNames()
    }
}
