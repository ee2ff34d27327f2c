/// Where metadata come from.
public protocol MetadataFetcher: Sendable {
    /// The file at `path` beneath the repository's metadata, such as `2.root.json`; percent-encoded already.
    ///
    /// Nil when there is none (404, 403). Reads no more than `limit` bytes and throws `.fetchTooLarge` when there are
    /// more, `.fetchFailed` for every other failure. Asks once.
    func fetch(_ path: String, limit: Int) async throws(TUFError) -> [UInt8]?
}

/// Where targets come from.
public protocol TargetFetcher: Sendable {
    /// Hands the file at `path` beneath the repository's targets to `sink`, piece by piece. Stops when `sink` throws.
    ///
    /// Returns whether there is one: false for 404 and 403.
    func fetch(_ path: String, into sink: (ArraySlice<UInt8>) throws(TUFError) -> Void) async throws(TUFError) -> Bool
}
