/// How far a check has come.
public struct AppProgress: Equatable, Sendable {
    /// Blobs that were compared, or known before.
    public var blobs: Int
    /// All that are there.
    public var total: Int
    public var bytesRead: Int64

    public init(blobs: Int, total: Int, bytesRead: Int64) {
        self.blobs = blobs
        self.total = total
        self.bytesRead = bytesRead
    }
}
