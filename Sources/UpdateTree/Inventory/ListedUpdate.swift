/// An update that was verified as it lies in the tree now, with what tells it from any other content.
public struct ListedUpdate: Hashable, Sendable {
    public let key: UpdateKey
    /// The SHA-256 of its inventory's text.
    public let inventory: Digest
    /// Bytes of all its files.
    public let bytes: Int64
    public let files: Int

    public init(key: UpdateKey, inventory: Digest, bytes: Int64, files: Int) {
        self.key = key
        self.inventory = inventory
        self.bytes = bytes
        self.files = files
    }
}
