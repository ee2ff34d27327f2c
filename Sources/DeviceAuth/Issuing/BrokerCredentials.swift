/// A certificate with its key for the way between the server and an MQTT broker.
public struct BrokerCredentials: Sendable {
    public let certificatePEM: String
    /// The private key; it is kept nowhere else.
    public let privateKeyPEM: String
}
