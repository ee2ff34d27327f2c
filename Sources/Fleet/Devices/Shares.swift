import Synchronization

/// Counts what is underway for each key, so that no one key has it all.
public final class Shares<Key: Hashable & Sendable>: Sendable {
    private let most: Int
    private let counts = Mutex<[Key: Int]>([:])

    /// - Parameter most: for one key at once.
    public init(most: Int) { self.most = most }

    /// False when the key has its share; else `give` must follow.
    public func take(_ key: Key) -> Bool {
        counts.withLock { counts in
            let count = counts[key] ?? 0
            guard count < most else { return false }
            counts[key] = count + 1
            return true
        }
    }

    public func give(_ key: Key) {
        counts.withLock { counts in
            let count = counts[key] ?? 0
            counts[key] = count > 1 ? count - 1 : nil
        }
    }

    /// How much is underway for a key.
    func taken(by key: Key) -> Int { counts.withLock { $0[key] ?? 0 } }
}
