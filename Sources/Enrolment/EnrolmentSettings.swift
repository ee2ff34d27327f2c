/// How the listener for devices that enrol is to work.
public struct EnrolmentSettings: Equatable, Sendable {
    public var host: String
    public var port: Int
    /// Requests in a minute: of all addresses, and of each one.
    public var rate: EnrolmentRate.Limits
    /// The broker that a device is told to connect to.
    public var broker: Broker
    /// The server's certificate chain and key as PEM files.
    public var certificatePath: String
    public var keyPath: String
    /// The folder with the brands' keys; nil: signatures are not looked at.
    public var keysPath: String?

    /// A host and a port.
    public struct Broker: Equatable, Sendable {
        public let host: String
        public let port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// Bytes of a body: two assertions are about 10,000.
    public static let longestBody = 128 << 10
    /// Connections at once; beyond them nobody is accepted until one ends.
    public static let mostConnections = 256
    /// Connections at once of one address, or of one network of IPv6; beyond them a new one is closed.
    public static let connectionsPerAddress = 16
    /// A connection whose first request has no complete head by then is closed, in seconds; the handshake is part of it.
    public static let headPatience = 10
    /// A request must be here and answered by then, in seconds.
    public static let patience = 15
    /// A connection that says nothing is closed, in seconds; also one that does not finish its handshake.
    public static let idle = 20
    /// How often the files of the certificate and of the keys are read again, in seconds.
    public static let filesInterval = 60

    public init(
        host: String, port: Int, rate: EnrolmentRate.Limits, broker: Broker, certificatePath: String, keyPath: String, keysPath: String?
    ) {
        self.host = host
        self.port = port
        self.rate = rate
        self.broker = broker
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.keysPath = keysPath
    }
}
