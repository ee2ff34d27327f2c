import FileTree

/// Where the files of one update come from: another server, a bundle on a disk.
///
/// Nothing it hands over is trusted: every byte is compared with the inventory, which in turn is checked as a whole.
public protocol TransferSource: Sendable {
    /// The bytes of a small file. Throws when it has more than `limit`.
    func small(_ path: String, limit: Int) async throws -> [UInt8]

    /// Appends the file's bytes from `offset` to `target`, until it has `file.size` bytes, and never more. May be cut at
    /// any byte: what was written before it throws is kept, and the next call begins behind it. A source that has to
    /// begin anew, because the file changed meanwhile, shortens `target` to nothing first.
    func fetch(_ file: Inventory.File, from offset: Int64, into target: Descriptor) async throws
}
