import Enrolment

/// The keys of `config.yaml` that concern the enrolment listener.
struct EnrolmentConfiguration: Equatable {
    /// Nil: there is no such listener.
    var address: ListenAddress?
    var rate = EnrolmentRate.Limits()
    var broker: ListenAddress?
    /// Nil: `tls.crt` and `tls.key`, as the gateway.
    var certificate: String?
    var key: String?
    /// Nil: signatures of assertions are not looked at.
    var keys: String?

    static let keys = [
        "enrolment-address", "enrolment-rate", "enrolment-rate-per-address", "enrolment-broker", "enrolment-certificate", "enrolment-key",
        "enrolment-keys",
    ]

    /// Returns the remedy when the value cannot be used.
    mutating func set(_ key: String, to value: String) -> String? {
        switch key {
        case "enrolment-address":
            guard let parsed = ListenAddress(value) else { return "write HOST:PORT" }
            address = parsed
        case "enrolment-rate":
            guard let number = Self.rate(value) else { return "write requests per minute, 1 to 10000" }
            rate.inAll = number
        case "enrolment-rate-per-address":
            guard let number = Self.rate(value) else { return "write requests per minute, 1 to 10000" }
            rate.perAddress = number
        case "enrolment-broker":
            guard let parsed = ListenAddress(value), parsed.port > 0 else { return "write HOST:PORT, as devices reach the broker" }
            broker = parsed
        case "enrolment-certificate":
            guard !value.isEmpty else { return "name a PEM file with the certificate and what leads to its root" }
            certificate = value
        case "enrolment-key":
            guard !value.isEmpty else { return "name the PEM file with the key of enrolment-certificate" }
            self.key = value
        case "enrolment-keys":
            guard !value.isEmpty else { return "name the folder with the account-key assertions of your brands" }
            keys = value
        default: return "the keys are \(Self.keys.joined(separator: ", "))"
        }
        return nil
    }

    private static func rate(_ value: String) -> Int? { Int(value).flatMap { (1...10_000).contains($0) ? $0 : nil } }

    /// What the listener needs; nil when it is off.
    ///
    /// - Throws: ``ConfigurationError`` when there is an address and something else is missing.
    func settings(datadir: String) throws(ConfigurationError) -> EnrolmentSettings? {
        guard let address else { return nil }
        guard let broker else {
            throw ConfigurationError(
                slug: "config-key-missing",
                message:
                    "enrolment-address needs enrolment-broker, HOST:PORT of the broker that devices are told, or an mqtt-broker with mqtt-ca"
            )
        }
        guard (certificate == nil) == (key == nil) else {
            throw ConfigurationError(
                slug: "config-key-missing",
                message: "enrolment-certificate and enrolment-key go together: set both, or none for tls.crt and tls.key")
        }
        return EnrolmentSettings(
            host: address.host, port: address.port, rate: rate, broker: EnrolmentSettings.Broker(host: broker.host, port: broker.port),
            certificatePath: Self.path(certificate ?? "certs/tls.crt", datadir), keyPath: Self.path(key ?? "certs/tls.key", datadir),
            keysPath: keys.map { Self.path($0, datadir) })
    }

    /// Relative to the data directory, unless it begins with a slash.
    private static func path(_ name: String, _ datadir: String) -> String { name.hasPrefix("/") ? name : "\(datadir)/\(name)" }
}
