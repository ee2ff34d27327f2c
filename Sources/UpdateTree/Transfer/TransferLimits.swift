/// How much of one update is taken over from somebody else before it is refused.
public struct TransferLimits: Sendable {
    /// Files of one update.
    public var files = Inventory.mostFiles
    /// Bytes of one update.
    public var bytes: Int64 = 256 << 30
    /// Files in `tuf/`: as many roots as a client follows, and the roles.
    public var metadataFiles = 300
    /// Bytes of one file in `tuf/`.
    public var metadataBytes = UpdateCatalogue.largestMetadata

    public init() {}
}
