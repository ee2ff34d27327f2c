/// How far a check has come.
public struct ClosureProgress: Equatable, Sendable {
    /// Objects that were checked, or known before.
    public var objects: Int
    /// All that are there.
    public var total: Int
    public var bytesRead: Int64

    public init(objects: Int, total: Int, bytesRead: Int64) {
        self.objects = objects
        self.total = total
        self.bytesRead = bytesRead
    }
}
