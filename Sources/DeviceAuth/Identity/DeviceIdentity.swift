/// Who a device is, as its certificate says and a trusted authority has signed.
///
/// | member | from the certificate |
/// |---|---|
/// | ``id`` | the only common name (CN) |
/// | ``factory`` | the first organizational unit (OU) |
/// | ``isProduction`` | businessCategory (2.5.4.15) is exactly `production` |
/// | ``publicKeyPEM``, ``key`` | the public key |
/// | ``notAfter``, ``serial`` | end of validity, serial number |
public struct DeviceIdentity: Hashable, Sendable {
    public let id: DeviceID
    public let factory: String?
    public let isProduction: Bool
    /// The public key as a PEM document `PUBLIC KEY`, ending in a newline.
    public let publicKeyPEM: String
    public let key: KeyFingerprint
    /// The certificate ends here: seconds since 1970-01-01 00:00:00 UTC.
    public let notAfter: Int64
    /// The serial number in lower-case hexadecimal, without leading zero bytes.
    public let serial: String

    /// Made by ``TrustStore/identify(leaf:now:)``; open so that a caller's tests can make devices without certificates.
    public init(
        id: DeviceID, factory: String?, isProduction: Bool, publicKeyPEM: String, key: KeyFingerprint, notAfter: Int64,
        serial: String
    ) {
        self.id = id
        self.factory = factory
        self.isProduction = isProduction
        self.publicKeyPEM = publicKeyPEM
        self.key = key
        self.notAfter = notAfter
        self.serial = serial
    }
}
