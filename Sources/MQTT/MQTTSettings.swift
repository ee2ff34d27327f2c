/// Where a broker is, and who we are to it.
public struct MQTTSettings: Equatable, Sendable {
    public var host: String
    public var port: Int
    /// Fixed: by it the broker knows the session again, with what came while we were away.
    public var clientID: String
    public var security: MQTTSecurity
    /// What the broker publishes for us when the connection breaks without a goodbye.
    public var will: MQTTMessage?
    /// The broker is asked for a sign of life after so much silence; without one the connection is given up.
    public var keepAlive: Duration = .seconds(30)
    /// How long the broker keeps the session, and messages for it, while we are away.
    public var sessionLifetime: Duration = .seconds(7 * 86_400)
    /// Between two attempts to connect: the first pause, doubled each time up to the longest.
    public var firstPause: Duration = .seconds(1)
    public var longestPause: Duration = .seconds(60)
    public var limits = MQTTLimits()

    public init(host: String, port: Int, clientID: String, security: MQTTSecurity, will: MQTTMessage? = nil) {
        self.host = host
        self.port = port
        self.clientID = clientID
        self.security = security
        self.will = will
    }
}
