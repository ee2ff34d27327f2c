import OSTree

/// Content of an update that is named by its digest: two updates that hold it hold the same.
public enum SharedContent: Hashable, Sendable {
    /// An object of the OSTree repository.
    case object(ObjectName)
    /// A blob of an app: a manifest, a config or a layer.
    case blob(Digest)

    /// Nil when `path`, relative to an update's directory, holds no shared content.
    public init?(path: some StringProtocol) {
        if path.hasPrefix("ostree_repo/objects/") {
            guard let name = ObjectName(path: path.dropFirst("ostree_repo/".count)) else { return nil }
            self = .object(name)
        } else if path.hasPrefix("apps/blobs/sha256/") {
            guard let digest = try? Digest(hex: path.dropFirst("apps/blobs/sha256/".count)) else { return nil }
            self = .blob(digest)
        } else {
            return nil
        }
    }

    /// Where it lies in an update, relative to the update's directory.
    public var path: String {
        switch self {
        case .object: "ostree_repo/" + pathInStore
        case .blob: "apps/" + pathInStore
        }
    }

    /// Where it lies in the content store, relative to `store/`.
    public var pathInStore: String { folder + "/" + fileName }

    /// The folder of ``pathInStore``.
    var folder: String {
        switch self {
        case .object(let name): "objects/\(name.checksum.hex.prefix(2))"
        case .blob: "blobs/sha256"
        }
    }

    /// The file's name, the same in the store and in an update.
    var fileName: String {
        switch self {
        case .object(let name): "\(name.checksum.hex.dropFirst(2)).\(name.kind.suffix)"
        case .blob(let digest): digest.hex
        }
    }
}
