/// The configuration of a mosquitto for devices' agents, in its own words.
public struct BrokerConfiguration: Sendable {
    /// Absolute; holds what the configuration names.
    public let folder: String
    /// Nil for every address of the machine.
    public let address: String?
    public let port: Int
    /// Absolute; the broker's user must be able to write there.
    public let persistence: String
    public let hasRevocationList: Bool

    /// Bytes of a payload: an agent's list of snaps is the largest.
    public static let messageSize = 1 << 20
    /// Bytes of a packet: the payload with its topic.
    public static let packetSize = messageSize + (66 << 10)
    /// Messages on their way to one client that it has not acknowledged.
    public static let inFlight = 20
    /// Messages, and bytes, that wait for one client: for the server while it is down, or for a device that is off.
    public static let queued = 10_000
    public static let queuedBytes = 64 << 20
    public static let connections = 200_000

    public init(folder: String, address: String?, port: Int, persistence: String, hasRevocationList: Bool) {
        self.folder = folder
        self.address = address
        self.port = port
        self.persistence = persistence
        self.hasRevocationList = hasRevocationList
    }

    public var text: String {
        let list = hasRevocationList ? "crlfile \(folder)/crl.pem\n" : ""
        return """
            # Made by: otaserve mqtt broker-config. Put your own settings into a file beside it.
            per_listener_settings true

            persistence true
            persistence_location \(persistence.hasSuffix("/") ? persistence : persistence + "/")
            autosave_interval 60
            persistent_client_expiration 14d

            max_packet_size \(Self.packetSize)
            message_size_limit \(Self.messageSize)
            max_inflight_messages \(Self.inFlight)
            max_queued_messages \(Self.queued)
            max_queued_bytes \(Self.queuedBytes)
            max_keepalive 3600

            listener \(port)\(address.map { " \($0)" } ?? "")
            max_connections \(Self.connections)
            allow_anonymous false
            require_certificate true
            # The user, and so the client id, is the common name of the certificate: nobody takes another's session.
            use_identity_as_username true
            use_username_as_clientid true
            tls_version tlsv1.2
            cafile \(folder)/cas.pem
            certfile \(folder)/broker.crt
            keyfile \(folder)/broker.key
            \(list)acl_file \(folder)/acl

            """
    }
}
