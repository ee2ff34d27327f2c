import FileTree
import UpdateTree

/// A bundle as the source of one update's files.
struct BundleSource: TransferSource {
    let key: UpdateKey
    let contents: any BundleContents
    /// Called before each file: where a test kills.
    let checkpoint: @Sendable (String) throws -> Void

    func small(_ path: String, limit: Int) async throws -> [UInt8] {
        try checkpoint(path)
        return try file(BundleLayout.file(path, of: key)).contents(limit: limit)
    }

    func fetch(_ file: Inventory.File, from offset: Int64, into target: Descriptor) async throws {
        try checkpoint(file.path)
        let path: String
        switch file.content {
        case .shared(let content): path = BundleLayout.content(content)
        case .plain: path = BundleLayout.file(file.path, of: key)
        }
        let source = try self.file(path)
        guard source.size == file.size else {
            throw BundleError(.damaged, "\(path.debugDescription) has \(source.size) bytes and not \(file.size); copy the bundle again")
        }
        try source.append(from: offset, to: target)
    }

    private func file(_ path: String) throws -> BundleFile {
        guard let file = try contents.file(path) else {
            throw BundleError(.contentMissing, "\(path.debugDescription) is missing in the bundle; copy the bundle again")
        }
        return file
    }
}
