/// A request that was sent and is not answered.
public struct SentRequest: Equatable, Sendable {
    public let id: String
    public var attempts: Int
    /// Seconds since 1970.
    public var lastSent: Int64

    public init(id: String, attempts: Int = 0, lastSent: Int64 = 0) {
        self.id = id
        self.attempts = attempts
        self.lastSent = lastSent
    }

    /// Seconds between a request and another one in its place: a device whose list changes all the time takes no others' turn.
    static let shortestPause: Int64 = 5

    func isDue(_ delay: RetryDelay, at now: Int64) -> Bool {
        now >= lastSent + (attempts == 0 ? Self.shortestPause : delay.after(attempts))
    }

    mutating func send(at now: Int64) {
        attempts += 1
        lastSent = now
    }
}
