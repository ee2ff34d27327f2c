/// Whose certificate it is: a device's or a site's, never both. The certificate's businessCategory alone decides.
public enum PeerIdentity: Hashable, Sendable {
    case device(DeviceIdentity)
    case site(SiteIdentity)

    /// The certificate ends here: seconds since 1970-01-01 00:00:00 UTC.
    public var notAfter: Int64 {
        switch self {
        case .device(let device): device.notAfter
        case .site(let site): site.notAfter
        }
    }
}
