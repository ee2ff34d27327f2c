import Snaps

/// The last list that a device published.
public struct StoredSnapList: Equatable, Sendable {
    public let list: SnapList
    /// When it came, seconds since 1970.
    public let receivedAt: Int64

    public init(list: SnapList, receivedAt: Int64) {
        self.list = list
        self.receivedAt = receivedAt
    }
}
