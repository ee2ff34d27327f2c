import Synchronization

/// At most so many devices in one second.
final class TellRate: Sendable {
    let perSecond: Int
    private let current = Mutex((second: Int64.min, count: 0))

    init(perSecond: Int) { self.perSecond = perSecond }

    func take(at second: Int64) -> Bool {
        current.withLock { current in
            if current.second != second { current = (second, 0) }
            guard current.count < perSecond else { return false }
            current.count += 1
            return true
        }
    }
}
