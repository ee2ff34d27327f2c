import FileTree

/// An update's own copies: those of a tree that was copied by hand are no files of the store.
struct UpdateContent: ContentSource {
    let catalogue: UpdateCatalogue
    let key: UpdateKey

    var name: String { "the update \(key)" }

    func content(_ content: SharedContent) throws -> Descriptor? {
        do {
            return try catalogue.root.openFile("\(key.path)/\(content.path)")
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
