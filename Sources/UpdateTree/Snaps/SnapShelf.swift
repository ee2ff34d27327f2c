import Snaps

/// The snaps that an update or a pool offers.
public struct SnapShelf: Sendable {
    public let snaps: [SnapFile]
    /// Snaps that the devices have anyway, as the index declares.
    public let present: Set<SnapName>

    public init(snaps: [SnapFile], present: Set<SnapName>) {
        self.snaps = snaps
        self.present = present
    }

    public static let empty = SnapShelf(snaps: [], present: [])
}
