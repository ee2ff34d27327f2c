/// How the way to the broker is protected.
public enum MQTTSecurity: Equatable, Sendable {
    /// Not at all: for a broker on the same machine.
    case plain
    /// TLS 1.2 or newer; the broker's certificate must be for the host's name. Paths of PEM files.
    case tls(authorities: String, certificate: String?, key: String?)
}
