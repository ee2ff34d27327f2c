import UpdateTree

/// Which snaps lie in the update tree. Asked from memory, while a device's lock is held.
public protocol SnapShelves: Sendable {
    func shelf(of update: UpdateKey) -> SnapShelf
    /// The pool that updates of one channel and tag share.
    func pool(channel: Channel, tag: Tag) -> SnapShelf
}
