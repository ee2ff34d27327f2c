import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// Makes a key and a certificate for a device; the factory is the one of the device authority.
    ///
    /// - Parameter lifetime: ten years unless given (see ``CertificateProfile/device``), and never longer than the device authority's own.
    public func issueDevice(
        _ id: DeviceID, isProduction: Bool, lifetime: Duration? = nil, now: Date
    ) throws(DeviceAuthError) -> DeviceCredentials {
        try Self.check(lifetime)
        let issuer = try deviceIssuer()
        let root = try certificate(.rootCertificate)
        let factory = SubjectName.first(.subjectOrganizationalUnit, in: issuer.authority.subject)
        let key = Issuer.newKey()
        let certificate = try issuer.issue(
            .device, subject: SubjectName.device(id, factory: factory, isProduction: isProduction),
            key: .init(key.publicKey),
            lifetime: lifetime, now: now)
        return try Issuer.cryptography {
            let publicKey = try certificate.publicKey.serializeAsPEM().derBytes
            return DeviceCredentials(
                id: id, factory: factory, isProduction: isProduction, certificatePEM: try certificate.pemText(),
                privateKeyPEM: key.pemText, rootPEM: try root.pemText(),
                serial: CertificateSerial(certificate.serialNumber),
                publicKeyPEM: PEMText.text(label: "PUBLIC KEY", bytes: publicKey), key: KeyFingerprint(subjectPublicKeyInfo: publicKey),
                notAfter: UTCMoment(certificate.notValidAfter).seconds)
        }
    }

    static func check(_ lifetime: Duration?) throws(DeviceAuthError) {
        guard let lifetime, lifetime < .seconds(3_600) || lifetime > .seconds(100 * 366 * 86_400) else { return }
        throw DeviceAuthError(
            .lifetimeInvalid, "a certificate can not last \(lifetime): choose between an hour and a hundred years")
    }
}
