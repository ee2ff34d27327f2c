import FileTree

/// A private directory for content that is neither in the store nor in an update yet.
public struct StagingFolder: Sendable {
    private let parent: Directory
    private let name: String
    private let root: Directory

    public init(in library: UpdateLibrary, purpose: String) throws(UpdateTreeError) {
        parent = library.catalogue.root
        name = "\(Staging.prefix)\(purpose)-\(Staging.uniqueName())"
        do throws(FileTreeError) {
            root = try parent.makeDirectory(name, mode: 0o700)
        } catch {
            throw UpdateTreeError(error)
        }
    }

    /// An empty file for a content. To be called once for each.
    public func create(_ content: SharedContent) throws(UpdateTreeError) -> Descriptor {
        try storage { () throws(FileTreeError) in try root.create(Self.fileName(of: content)) }
    }

    /// Nil when there is none.
    public func open(_ content: SharedContent) throws(UpdateTreeError) -> Descriptor? {
        do throws(FileTreeError) {
            return try root.openFile(Self.fileName(of: content))
        } catch {
            guard error.code == .notFound else { throw UpdateTreeError(error) }
            return nil
        }
    }

    /// What cannot be removed the next start of the server removes.
    public func remove() { try? parent.remove(name) }

    private static func fileName(of content: SharedContent) -> String {
        String(content.pathInStore.map { $0 == "/" ? "-" : $0 })
    }
}
