/// The files of a bundle, wherever they lie.
protocol BundleContents: Sendable {
    /// The size of each file, by its path.
    var sizes: [String: Int64] { get }
    /// Nil when there is no such file.
    func file(_ path: String) throws -> BundleFile?
}
