import StrictJSON

/// How a manifest names a blob (in OCI: a descriptor).
struct BlobReference: Hashable, Sendable {
    let mediaType: String
    let digest: BlobDigest
    /// Bytes.
    let size: Int64

    /// `what` is for the message.
    init(_ value: JSONValue?, _ what: String) throws(OCIError) {
        guard let value, let mediaType = value["mediaType"]?.string, let text = value["digest"]?.string,
            let size = value["size"]?.integer, size >= 0
        else { throw OCIError(.manifestInvalid, "\(what) has no mediaType, digest and size") }
        guard let digest = BlobDigest(text) else {
            throw OCIError(.manifestInvalid, "\(what) has the digest \(String(text.prefix(100)).debugDescription), which is no SHA-256")
        }
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }
}
