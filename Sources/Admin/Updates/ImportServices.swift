import UpdateTree

/// What bringing updates in needs beyond the tree.
public struct ImportServices: Sendable {
    let uploads: Uploads
    /// An ingest with the server's settings and keys, that reports to the given listener.
    let ingest: @Sendable (_ progress: @escaping @Sendable (VerificationProgress) -> Void) -> UpdateIngest
    /// Makes an accepted update known to those who serve devices, at once.
    let lookAtUpdates: @Sendable () async -> Void
    let queue = ImportQueue()

    public init(
        uploads: Uploads, ingest: @escaping @Sendable (@escaping @Sendable (VerificationProgress) -> Void) -> UpdateIngest,
        lookAtUpdates: @escaping @Sendable () async -> Void
    ) {
        self.uploads = uploads
        self.ingest = ingest
        self.lookAtUpdates = lookAtUpdates
    }
}
