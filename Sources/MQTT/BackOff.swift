/// How long to wait before the next attempt to connect. Clients that lost the same broker must not come back together.
struct BackOff {
    private let first: Duration
    private let longest: Duration
    private var pause: Duration

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
        pause = first
    }

    /// The pause that is due, shortened by up to a quarter; the one after it is twice as long.
    ///
    /// - Parameter chance: from 0 to 1.
    mutating func next(chance: Double) -> Duration {
        let due = pause
        pause = min(pause * 2, longest)
        return due - due * (0.25 * chance)
    }

    /// The broker was there: begin with the first pause again.
    mutating func reset() { pause = first }
}
