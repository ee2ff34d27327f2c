import FileTree
import TUF

/// Brings a directory into the tree: copied to a private place, checked there, then visible by one rename.
public struct UpdateImport: Sendable {
    let catalogue: UpdateCatalogue

    /// Bounds of one update; an import beyond them is refused before it fills the disk.
    static let mostFiles = 2_000_000
    static let deepest = 16
    private static let chunk = 1 << 20

    public init(catalogue: UpdateCatalogue) { self.catalogue = catalogue }

    /// Copies `source` to `updates/<key>`. Killed at any moment, nothing of it is visible.
    public func run(source: String, key: UpdateKey) throws(UpdateTreeError) -> Update {
        guard !catalogue.contains(key) else { throw Self.exists(key) }
        let staging = "\(Staging.prefix)import-\(Staging.uniqueName())"
        defer { try? catalogue.root.remove(staging) }
        let place = try stage(source: source, as: staging)
        let content: Directory
        do { content = try place.directory("content") } catch { throw UpdateTreeError(.storage, error.message) }
        _ = try UpdateStructure.check(content, key: key)
        try publish(content, from: place, as: key)
        return try catalogue.update(key)
    }

    private static func exists(_ key: UpdateKey) -> UpdateTreeError {
        UpdateTreeError(.updateExists, "there is an update \(key) already; delete it or choose another name")
    }

    private func stage(source: String, as name: String) throws(UpdateTreeError) -> Directory {
        do throws(FileTreeError) {
            let place = try catalogue.root.makeDirectory(name, mode: 0o700)
            var files = 0
            try copy(Directory(path: source), to: place.makeDirectory("content"), depth: 0, files: &files)
            return place
        } catch {
            switch error.code {
            case .full, .failed, .inUse, .notCached, .alreadyExists: throw UpdateTreeError(.storage, error.message)
            case .notFound, .notPlain, .notPermitted, .tooLarge:
                throw UpdateTreeError(.sourceInvalid, "\(source) cannot be imported: \(error.message)")
            }
        }
    }

    private func publish(_ content: Directory, from place: Directory, as key: UpdateKey) throws(UpdateTreeError) {
        do throws(FileTreeError) {
            let channel = try catalogue.root.makeDirectory(key.channel.rawValue)
            let tag = try channel.makeDirectory(key.tag.text)
            // One flush for thousands of files; each on its own would take minutes.
            try content.syncFileSystem()
            try place.move("content", to: tag, as: key.name.text)
            try tag.syncNames()
        } catch {
            throw error.code == .alreadyExists ? Self.exists(key) : UpdateTreeError(.storage, error.message)
        }
    }

    private func copy(
        _ source: Directory, to target: Directory, depth: Int, files: inout Int
    ) throws(FileTreeError) {
        guard depth <= Self.deepest else {
            throw FileTreeError(.tooLarge, "\(source.path) lies deeper than \(Self.deepest) directories")
        }
        for name in try source.names() {
            files += 1
            guard files <= Self.mostFiles else {
                throw FileTreeError(.tooLarge, "there are more than \(Self.mostFiles) files")
            }
            switch source.status(name)?.kind {
            case .directory:
                try copy(source.directory(name), to: target.makeDirectory(name), depth: depth + 1, files: &files)
            case .file:
                try copyFile(source.openFile(name), to: target.create(name))
            case .other, nil:
                throw FileTreeError(
                    .notPlain, "\(source.path)/\(name) is a link or a device; an update holds plain files and directories")
            }
        }
    }

    private func copyFile(_ source: Descriptor, to target: Descriptor) throws(FileTreeError) {
        let size = try source.status().size
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(min(size, Int64(Self.chunk))), alignment: 16)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while offset < size {
            let count = try source.read(into: buffer, at: offset)
            guard count > 0 else {
                throw FileTreeError(.failed, "a file became shorter while it was copied; import again when nobody writes")
            }
            try target.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: offset)
            offset += Int64(count)
        }
    }
}
