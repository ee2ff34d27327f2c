/// The bounds of what a client holds in memory.
public struct MQTTLimits: Equatable, Sendable {
    /// Bytes of one message, in either direction; the broker is told.
    public var largestPayload = 1 << 20
    /// Messages that came and were not taken yet. At this many nothing more is read, and the broker holds the rest.
    public var inboxMessages = 4096
    /// Bytes of those.
    public var inboxBytes = 32 << 20
    /// Messages that were given to the client and are not acknowledged yet.
    public var outboxMessages = 10_000
    /// Bytes of those.
    public var outboxBytes = 32 << 20

    public init() {}
}
