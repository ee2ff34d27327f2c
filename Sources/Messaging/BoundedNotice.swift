/// Says how often something happened, at most once in a while: many devices that do the same wrong thing are one line.
struct BoundedNotice {
    static let interval = Duration.seconds(10)

    private var last: ContinuousClock.Instant?
    private var count = 0

    /// Notes one more; returns how many there were since the last line when it is time for another.
    mutating func note(at now: ContinuousClock.Instant) -> Int? {
        count += 1
        if let last, now - last < Self.interval { return nil }
        last = now
        defer { count = 0 }
        return count
    }
}
