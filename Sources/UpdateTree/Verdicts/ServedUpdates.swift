import Synchronization

/// Which updates may be served now. Asked on the way of every device: the number tells whether anything changed since
/// the last look, without a lock.
public final class ServedUpdates: Sendable {
    public enum Policy: String, Sendable, CaseIterable {
        /// Only what was checked and accepted.
        case verified
        /// Whatever lies in the tree: for trees whose origin is trusted.
        case any
    }

    public let policy: Policy
    private let accepted = Mutex<Set<UpdateKey>>([])
    private let changes = Atomic<UInt64>(1)

    public init(policy: Policy) { self.policy = policy }

    /// Moves whenever an update may be served that was not, or the other way round.
    public var generation: UInt64 { changes.load(ordering: .acquiring) }

    /// What was accepted. Takes a short lock: to be asked when the generation moved, not at every request.
    public var acceptedKeys: Set<UpdateKey> { accepted.withLock { $0 } }

    func publish(_ keys: Set<UpdateKey>) {
        let changed = accepted.withLock { accepted in
            guard accepted != keys else { return false }
            accepted = keys
            return true
        }
        if changed { changes.add(1, ordering: .releasing) }
    }
}
