/// What is to be revoked.
public enum RevocationTarget: Sendable {
    /// The content of a certificate's file, PEM or DER. It must be one of the device authority, a device's or a site's.
    case certificate([UInt8])
    case serial(CertificateSerial)
}
