import NIOCore

/// Every bound of the device-facing listener, with its number.
public struct GatewayLimits: Sendable {
    /// Open connections; one more is closed at once.
    public var connections = 20_000
    /// From accept to the end of the TLS handshake.
    public var handshakeTime = TimeAmount.seconds(10)
    /// From the first byte of a request to the end of its head, and between two pieces of its body.
    public var requestTime = TimeAmount.seconds(20)
    /// Between two requests on one connection.
    public var idleTime = TimeAmount.seconds(75)
    /// Without the peer taking a byte of a response.
    public var stallTime = TimeAmount.seconds(60)
    /// How long a graceful stop waits for downloads.
    public var drainTime = TimeAmount.seconds(30)
    /// Bytes of one request's header fields.
    public var headerBytes = 16 << 10
    /// Streams at once on one HTTP/2 connection.
    public var streams = 128
    /// Bytes of devices' request bodies in memory, per event loop; beyond it a request is answered with 503.
    public var bodyBytes = 64 << 20
    /// The same of sites' reports: one of the largest size, or several smaller ones.
    public var siteBodyBytes = 64 << 20

    public init() {}
}
