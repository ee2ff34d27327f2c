/// A document that a device keeps current: the last one replaces the one before.
public enum Report: String, Sendable, CaseIterable {
    case hardwareInfo = "hardware-info"
    case networkInfo = "network-info"
    /// May hold an HSM PIN: shown only through ``Redaction``.
    case aktoml

    /// The file below `devices/<uuid>/`.
    public var fileName: String { rawValue }

    /// Bytes; a longer body is refused with 413.
    public var limit: Int {
        switch self {
        case .hardwareInfo: 2 << 20
        case .networkInfo: 16 << 10
        case .aktoml: 128 << 10
        }
    }
}
