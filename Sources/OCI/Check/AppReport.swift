/// What a check of the apps of an update found.
public struct AppReport: Sendable {
    /// An app whose manifest could be read.
    public struct App: Equatable, Sendable {
        public let name: String
        public let digest: BlobDigest
        /// The images that its compose file names.
        public internal(set) var images: [BlobDigest] = []
    }

    public internal(set) var apps: [App] = []
    /// Blobs that are there.
    public internal(set) var blobs = 0
    /// Those that the apps need and that are there.
    public internal(set) var reached = 0
    /// Those that were known before and not read again, or only to walk on.
    public internal(set) var known = 0
    public internal(set) var bytesRead: Int64 = 0
    /// Errors first, then warnings, each sorted by path; of each the first thousand that were met.
    public internal(set) var findings: [BlobFinding] = []
    /// All errors, also those that `findings` has no room for.
    public internal(set) var errors = 0
    public internal(set) var warnings = 0
    /// The check was stopped: the report says nothing of what it had not come to.
    public internal(set) var wasCancelled = false

    /// Dead weight: right, but needed by none of the apps.
    public var unreferenced: Int { blobs - reached }

    /// Everything that the apps need is there, and everything that is there is what its name says.
    public var isComplete: Bool { errors == 0 && !wasCancelled }
}
