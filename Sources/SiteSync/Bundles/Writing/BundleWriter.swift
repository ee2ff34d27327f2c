import FileTree

/// Takes the files of a bundle, in the order in which they are to come.
protocol BundleWriter {
    /// A file of a few bytes.
    func add(_ path: String, _ bytes: [UInt8]) throws
    /// A file whose bytes `piece` gives, one piece after the other, an empty one at the end; `size` in all.
    func add(_ path: String, size: Int64, _ piece: () throws -> [UInt8]) throws
    /// Returns when everything so far is on the disk: what comes then says that the bundle is whole.
    func settle() throws
    /// Returns when the bundle is where it belongs.
    func finish() throws
}
