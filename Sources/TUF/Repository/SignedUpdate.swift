/// The content of an update's `tuf/`, signed.
public struct SignedUpdate: Sendable {
    /// Bytes by file name: every `N.root.json` of the chain, `targets.json`, `snapshot.json`, `timestamp.json` and, for a
    /// bundle, `bundle-targets.json`.
    public let files: [String: [UInt8]]
    public let targetsVersion: Int64
    public let snapshotVersion: Int64
    public let timestampVersion: Int64
    /// When the first of the three ends.
    public let expires: MetadataTime
}
