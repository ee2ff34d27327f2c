/// What a device may ask for inside its update.
public enum Content: Hashable, Sendable {
    case metadata(MetadataFile)
    case object(ObjectPath)
    case blob(Digest)

    /// Where it lies, relative to the update's directory.
    public var path: String {
        // Appending is several times cheaper than interpolation, and this is on the way of every request.
        switch self {
        case .metadata(let file): "tuf/" + file.fileName
        case .object(let path): "ostree_repo/" + path.text
        case .blob(let digest): "apps/blobs/sha256/" + digest.hex
        }
    }
}
