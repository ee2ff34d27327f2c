import Synchronization

/// Counts open connections by origin: one address must not have them all.
final class EnrolmentConnections: Sendable {
    private let most: Int
    private let counts = Mutex<[String: Int]>([:])

    init(most: Int) { self.most = most }

    /// False when there are too many from there already.
    func open(_ origin: String) -> Bool {
        counts.withLock { counts in
            let count = counts[origin] ?? 0
            guard count < most else { return false }
            counts[origin] = count + 1
            return true
        }
    }

    func close(_ origin: String) {
        counts.withLock { counts in
            let count = counts[origin] ?? 0
            counts[origin] = count > 1 ? count - 1 : nil
        }
    }
}
