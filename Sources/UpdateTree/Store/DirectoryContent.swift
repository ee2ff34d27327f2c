import FileTree

/// Copies in a directory of the operator's: an update, an OSTree repository, the store of another data directory, or
/// what was written to a stick.
public struct DirectoryContent: ContentSource {
    public let name: String
    private let root: Directory

    /// Where the content may begin below the directory.
    private static let beginnings = ["", "content/", "store/", "content/store/"]

    public init(path: String) throws(UpdateTreeError) {
        name = path
        do {
            root = try Directory(path: path)
        } catch {
            throw UpdateTreeError(.sourceInvalid, "\(path) cannot be looked into: \(error.message)")
        }
    }

    public func content(_ content: SharedContent) throws -> Descriptor? {
        for beginning in Self.beginnings {
            for path in [content.path, content.pathInStore] {
                do {
                    return try root.openFile(beginning + path)
                } catch {
                    guard error.code == .notFound else { throw error }
                }
            }
        }
        return nil
    }
}
