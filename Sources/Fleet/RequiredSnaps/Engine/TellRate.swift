import Synchronization

/// At most so many devices in one second; those that were told before take at most half of the turns, so that everybody is told once.
final class TellRate: Sendable {
    let perSecond: Int
    private let current = Mutex((second: Int64.min, count: 0))

    init(perSecond: Int) { self.perSecond = perSecond }

    func take(at second: Int64, isRepeated: Bool = false) -> Bool {
        current.withLock { current in
            if current.second != second { current = (second, 0) }
            guard current.count < (isRepeated ? max(1, perSecond / 2) : perSecond) else { return false }
            current.count += 1
            return true
        }
    }
}
