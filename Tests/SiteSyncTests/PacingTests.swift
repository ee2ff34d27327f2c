import Synchronization
import Testing

@testable import SiteSync

/// A clock that stands still unless somebody sleeps by it.
final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        let offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)
    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        time.withLock { $0 = max($0, deadline.offset) }
    }
}

@Suite struct PacingTests {
    @Test("as many bytes as the rate says pass in a second, however they are shared")
    func rate() async throws {
        let clock = ManualClock()
        let rate = try RateLimit(bytesPerSecond: 100_000, clock: clock)
        for _ in 0..<50 { try await rate.take(20_000) }
        // One second's worth was free at the beginning.
        #expect(clock.now.offset == .seconds(9))
    }

    @Test("a rate that would starve a connection is refused")
    func tooLow() { #expect(throws: SiteSyncError.self) { try RateLimit(bytesPerSecond: 1) } }

    @Test("a slow line is closed, a fast one is not, and time in which nothing was asked for does not count")
    func line() throws {
        var settings = SiteClientSettings()
        settings.window = .seconds(10)
        settings.leastBytes = 100
        var watch = LineWatch(settings)
        for _ in 0..<100 { try watch.saw(50, after: .seconds(3)) }
        #expect(throws: SiteSyncError.self) { for _ in 0..<5 { try watch.saw(1, after: .seconds(3)) } }
    }

    @Test("syncs come at the interval, a little earlier or later, and no two sites alike")
    func schedule() {
        var one = SyncSchedule(every: .seconds(3_600), seed: 1)
        var same = SyncSchedule(every: .seconds(3_600), seed: 1)
        var other = SyncSchedule(every: .seconds(3_600), seed: 2)
        #expect(one.first() == same.first())
        for _ in 0..<1_000 {
            let pause = one.next()
            #expect((.seconds(3_240)...(.seconds(3_960))).contains(pause))
            #expect(pause == same.next() || pause == other.next())
            if pause == other.next() { Issue.record("two seeds gave one time") }
        }
    }
}
