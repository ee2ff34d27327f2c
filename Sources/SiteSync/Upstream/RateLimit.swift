/// Lets so many bytes through per second, shared by all who hold it: a bucket that fills steadily and holds one second.
public actor RateLimit {
    /// Less would keep a connection silent for longer than a server waits.
    public static let least: Int64 = 16 << 10

    private let bytesPerSecond: Int64
    private let elapsed: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    /// When everything that was let through so far has passed at the limit's pace.
    private var paidUntil: Duration

    /// - Parameter bytesPerSecond: at least ``least``.
    public init<C: Clock>(bytesPerSecond: Int64, clock: C = ContinuousClock()) throws(SiteSyncError) where C.Duration == Duration {
        guard bytesPerSecond >= Self.least else {
            throw SiteSyncError(.rateInvalid, "a rate of \(bytesPerSecond) bytes per second is too low; use \(Self.least) or more")
        }
        self.bytesPerSecond = bytesPerSecond
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        paidUntil = .seconds(-1)
    }

    /// Counts bytes that came, and returns when the next ones may come.
    public func take(_ bytes: Int) async throws {
        let now = elapsed()
        // What was not used in the last second is lost.
        paidUntil = max(paidUntil, now - .seconds(1)) + .nanoseconds(Int64(Double(bytes) / Double(bytesPerSecond) * 1e9))
        let wait = paidUntil - now
        if wait > .zero { try await sleep(wait) }
    }
}
