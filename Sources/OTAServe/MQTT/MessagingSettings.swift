import MQTT

/// What the configuration says of the MQTT broker. Without `mqtt-broker` there is none.
struct MessagingSettings: Equatable {
    var broker: ListenAddress?
    /// Files; relative to the data directory unless absolute.
    var authorities: String?
    var certificate: String?
    var key: String?
    var clientID = "otaserve"

    static let keys = ["mqtt-broker", "mqtt-ca", "mqtt-certificate", "mqtt-key", "mqtt-client-id"]

    /// Takes one key of the configuration. Returns how to write the value when it cannot be used.
    mutating func set(_ key: String, to value: String) -> String? {
        guard !value.isEmpty else { return "write a value, or remove the key" }
        switch key {
        case "mqtt-broker":
            guard let address = ListenAddress(value), address.port > 0 else { return "write HOST:PORT" }
            broker = address
        case "mqtt-ca": authorities = value
        case "mqtt-certificate": certificate = value
        case "mqtt-key": self.key = value
        case "mqtt-client-id":
            guard value.utf8.count <= 128 else { return "write at most 128 bytes" }
            clientID = value
        default: return "there is no such key"
        }
        return nil
    }

    /// Nil without a broker.
    func client(datadir: String) throws -> MQTTSettings? {
        guard let broker else {
            guard authorities == nil, certificate == nil, key == nil else {
                throw Self.incomplete("mqtt-ca, mqtt-certificate and mqtt-key need mqtt-broker")
            }
            return nil
        }
        func path(_ name: String) -> String { name.hasPrefix("/") ? name : "\(datadir)/\(name)" }
        let security: MQTTSecurity
        if let authorities {
            security = .tls(authorities: path(authorities), certificate: certificate.map(path), key: key.map(path))
        } else {
            // Whoever listens on the way would know every device, and could order it about.
            guard ["localhost", "127.0.0.1", "::1"].contains(broker.host), certificate == nil, key == nil else {
                throw Self.incomplete("mqtt-broker \(broker) needs mqtt-ca; only a broker on this machine may do without")
            }
            security = .plain
        }
        return MQTTSettings(host: broker.host, port: broker.port, clientID: clientID, security: security)
    }

    private static func incomplete(_ message: String) -> ConfigurationError {
        ConfigurationError(slug: "config-incomplete", message: "\(message); see otaserve mqtt broker-config")
    }
}
