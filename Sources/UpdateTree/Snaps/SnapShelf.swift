import Snaps

/// The snaps of one update or of one pool, as its index tells and its check confirmed.
public struct SnapShelf: Equatable, Sendable {
    public let snaps: [SnapFile]
    /// What the devices have anyway.
    public let present: Set<SnapName>
    private let byDigest: [SnapDigest: SnapFile]

    public static let empty = SnapShelf(snaps: [], present: [])

    public init(snaps: [SnapFile], present: Set<SnapName>) {
        self.snaps = snaps
        self.present = present
        byDigest = Dictionary(snaps.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The snap whose file has this digest.
    public subscript(digest: SnapDigest) -> SnapFile? { byDigest[digest] }
}
