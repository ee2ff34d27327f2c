/// How patient a site is with its upstream.
public struct SiteClientSettings: Sendable {
    /// Until a connection stands.
    public var connect: Duration = .seconds(15)
    /// Without a byte.
    public var idle: Duration = .seconds(60)
    /// So long the line is watched before ``leastBytes`` is asked of it: a server that sends a byte now and then must
    /// not hold a site for years.
    public var window: Duration = .seconds(60)
    /// Bytes that must come in every window, the time that the site itself held back not counted; and between two cuts,
    /// for the attempt to count as one that brought anything.
    public var leastBytes: Int64 = 16 << 10
    /// Attempts in a row that brought less than ``leastBytes`` together, after which it gives up.
    public var attempts = 5
    /// Before the second attempt; twice as long before each further one.
    public var pause: Duration = .seconds(1)

    public init() {}
}
