/// How much of a repository a client reads before it gives up.
public struct MetadataLimits: Equatable, Sendable {
    /// Bytes of a file whose length no other file lists.
    public let root: Int
    public let timestamp: Int
    public let snapshot: Int
    public let targets: Int

    /// New roots in one run.
    public static let mostRotations = 256
    /// Delegated roles in the search for one target.
    public static let mostDelegations = 32
    /// Bytes that a listed length may ask for: whoever signs a snapshot must not fill the client's memory.
    public static let largestListed = 256 << 20

    public init(_ profile: Profile) {
        switch profile {
        case .standard:
            // python-tuf's, so that both clients take the same repositories.
            root = 512_000
            timestamp = 16_384
            snapshot = 2_000_000
            targets = 5_000_000
        case .fio:
            // aktualizr's.
            root = 64 << 10
            timestamp = 64 << 10
            snapshot = 64 << 10
            targets = 8 << 20
        }
    }

    /// The most bytes of a file of `role`; `listed` is the length that the metadata above it state.
    public func bytes(of role: TopRole, listed: Int64? = nil) -> Int {
        if let listed { return Int(min(listed, Int64(Self.largestListed))) }
        return switch role {
        case .root: root
        case .timestamp: timestamp
        case .snapshot: snapshot
        case .targets: targets
        }
    }
}
