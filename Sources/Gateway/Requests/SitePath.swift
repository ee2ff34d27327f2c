import UpdateTree

/// A file of an update that another site may read: everything that belongs to the update, nothing that merely lies there.
struct SitePath: Equatable, Sendable {
    /// Relative to the update's directory.
    let text: String

    private static let repository = "ostree_repo/"

    /// Takes the path after percent-decoding; nil when a site may not read it. Compared by bytes, as the disk does.
    init?(_ text: String) {
        guard UpdatePath.isValid(text), UpdateParts.holds(text) else { return nil }
        self.text = text
    }

    /// What devices know the file as; nil for one that they never ask for. So a file has one answer, whoever asks.
    var content: Content? {
        guard let content = named, content.path.utf8.elementsEqual(text.utf8) else { return nil }
        return content
    }

    private var named: Content? {
        if let name = rest(after: "tuf/") { return MetadataFile(fileName: name).map { .metadata($0) } }
        if let path = rest(after: Self.repository) { return (try? ObjectPath(path)).map { .object($0) } }
        if let hex = rest(after: "apps/blobs/sha256/") { return (try? Digest(hex: hex)).map { .blob($0) } }
        return nil
    }

    private func rest(after prefix: String) -> Substring? {
        guard text.utf8.starts(with: prefix.utf8) else { return nil }
        return Substring(text.utf8.dropFirst(prefix.utf8.count))
    }
}
