import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// Makes a key and a certificate for a site; the factory is the one of the device authority.
    ///
    /// - Parameters:
    ///   - grants: what the site may read, 1 to 64; repetitions are dropped.
    ///   - lifetime: two years unless given (see ``CertificateProfile/site(_:)``), and never longer than the device authority's own.
    /// - Throws: ``DeviceAuthError/Code/siteGrantInvalid`` when nothing or too much is granted.
    public func issueSite(
        _ name: SiteName, grants: [SiteGrant], lifetime: Duration? = nil, now: Date
    ) throws(DeviceAuthError) -> SiteCredentials {
        try Self.check(lifetime)
        let grants = grants.reduce(into: [SiteGrant]()) { if !$0.contains($1) { $0.append($1) } }
        guard (1...SiteGrant.mostInCertificate).contains(grants.count) else {
            throw DeviceAuthError(
                .siteGrantInvalid,
                "a site can not be granted \(grants.count) parts of the update tree: give 1 to \(SiteGrant.mostInCertificate), such as --allow ci/main"
            )
        }
        let issuer = try deviceIssuer()
        let root = try certificate(.rootCertificate)
        let factory = SubjectName.first(.subjectOrganizationalUnit, in: issuer.authority.subject)
        let key = Issuer.newKey()
        let certificate = try issuer.issue(
            .site(grants), subject: SubjectName.site(name, factory: factory), key: .init(key.publicKey),
            lifetime: lifetime, now: now)
        return try Issuer.cryptography {
            SiteCredentials(
                name: name, factory: factory, grants: grants, certificatePEM: try certificate.pemText(),
                privateKeyPEM: key.pemText, rootPEM: try root.pemText(),
                serial: CertificateSerial(certificate.serialNumber),
                notAfter: UTCMoment(certificate.notValidAfter).seconds)
        }
    }
}
