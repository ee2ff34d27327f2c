import Synchronization

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    /// 2026-03-01T12:00:00Z.
    private let seconds = Atomic<Int64>(1_772_366_400)

    /// Seconds since 1970.
    var now: Int64 { seconds.load(ordering: .relaxed) }

    func move(by change: Int64) { seconds.add(change, ordering: .relaxed) }
}
