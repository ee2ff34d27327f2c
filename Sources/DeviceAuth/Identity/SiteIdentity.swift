/// Who a site is and what it may read, as its certificate says and a trusted authority has signed.
///
/// | member | from the certificate |
/// |---|---|
/// | ``name`` | the only common name (CN) |
/// | ``factory`` | the first organizational unit (OU) |
/// | ``key`` | the public key |
/// | ``notAfter``, ``serial`` | end of validity, serial number |
/// | ``grants`` | the URIs `otaserve:site:…` of subjectAltName |
///
/// That it is a site's certificate, and no device's, says businessCategory: exactly `site`.
public struct SiteIdentity: Hashable, Sendable {
    public let name: SiteName
    public let factory: String?
    public let key: KeyFingerprint
    /// The certificate ends here: seconds since 1970-01-01 00:00:00 UTC.
    public let notAfter: Int64
    /// The serial number in lower-case hexadecimal, without leading zero bytes.
    public let serial: String
    /// At least one.
    public let grants: [SiteGrant]

    /// Made by ``TrustStore/identify(leaf:now:)``; open so that a caller's tests can make sites without certificates.
    public init(
        name: SiteName, factory: String?, key: KeyFingerprint, notAfter: Int64, serial: String, grants: [SiteGrant]
    ) {
        self.name = name
        self.factory = factory
        self.key = key
        self.notAfter = notAfter
        self.serial = serial
        self.grants = grants
    }

    /// Whether the site may read the updates of a tag.
    public func mayRead(channel: SiteGrant.Channel, tag: String) -> Bool {
        grants.contains { $0.covers(channel: channel, tag: tag) }
    }
}
