/// The shelves of all updates and pools at one moment. A copy costs nothing: each event loop keeps one.
public struct SnapShelves: Equatable, Sendable {
    let updates: [UpdateKey: SnapShelf]
    let pools: [SnapPoolKey: SnapShelf]

    public init(updates: [UpdateKey: SnapShelf], pools: [SnapPoolKey: SnapShelf]) {
        self.updates = updates
        self.pools = pools
    }

    public static let empty = SnapShelves(updates: [:], pools: [:])

    /// Empty for an update that holds no snaps, and for one that is not accepted.
    public func shelf(of update: UpdateKey) -> SnapShelf { updates[update] ?? .empty }

    /// Empty where there is no pool, and for one whose check did not pass.
    public func pool(channel: Channel, tag: Tag) -> SnapShelf { pools[SnapPoolKey(channel: channel, tag: tag)] ?? .empty }
}
