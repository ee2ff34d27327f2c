import FileTree

/// The blobs that are there, and their sizes.
struct BlobInventory {
    static let mostBlobs = 1_000_000

    /// Bytes of each.
    private(set) var sizes: [BlobDigest: Int64] = [:]
    /// Those that are a link, a FIFO or whatever else is not a file.
    private(set) var notPlain = Set<BlobDigest>()
    /// The files, sorted.
    private(set) var digests: [BlobDigest] = []

    /// Lists `blobs`. What does not belong there goes to `findings`, and so do blobs that are no files.
    init(_ blobs: Directory, _ findings: FindingCollector) throws(OCIError) {
        let names: [String]
        do throws(FileTreeError) { names = try blobs.names() } catch { throw OCIError(.unreadable, error.message) }
        guard names.count <= Self.mostBlobs else {
            throw OCIError(.tooManyBlobs, "there are more than \(Self.mostBlobs) blobs; copy fewer apps")
        }
        for name in names {
            guard let digest = BlobDigest(hex: name) else {
                findings.add("blobs/sha256/\(name)", OCIError(.blobNameInvalid, "that is not the name of a blob"))
                continue
            }
            guard let status = blobs.status(name), status.kind == .file else {
                // It counts as there: whoever needs it shall not be told that it is absent.
                notPlain.insert(digest)
                findings.add(digest.path, OCIError(.blobNotPlain, "it is not a plain file"))
                continue
            }
            sizes[digest] = status.size
            digests.append(digest)
        }
    }

    func contains(_ digest: BlobDigest) -> Bool { sizes[digest] != nil || notPlain.contains(digest) }
}
