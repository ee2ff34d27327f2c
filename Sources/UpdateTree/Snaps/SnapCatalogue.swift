import Synchronization

/// Which snaps the server has for whom: of the accepted updates, and of the pools whose check passed. In memory.
///
/// ```swift
/// let own = catalogue.shelf(of: update).snaps
/// let shared = catalogue.pool(channel: .ci, tag: tag).snaps
/// ```
public final class SnapCatalogue: Sendable {
    private let held = Mutex(SnapShelves.empty)
    private let changes = Atomic<UInt64>(1)

    public init() {}

    /// Moves whenever a shelf changed.
    public var generation: UInt64 { changes.load(ordering: .acquiring) }

    /// Takes a short lock: to be asked when the generation moved, not at every request.
    public var shelves: SnapShelves { held.withLock { $0 } }

    /// Empty for an update that holds no snaps, and for one that is not accepted.
    public func shelf(of update: UpdateKey) -> SnapShelf { shelves.shelf(of: update) }

    /// Empty where there is no pool, and for one whose check did not pass.
    public func pool(channel: Channel, tag: Tag) -> SnapShelf { shelves.pool(channel: channel, tag: tag) }

    /// Replaces everything.
    public func publish(_ shelves: SnapShelves) {
        let isChanged = held.withLock { held in
            guard held != shelves else { return false }
            held = shelves
            return true
        }
        if isChanged { changes.add(1, ordering: .releasing) }
    }
}
