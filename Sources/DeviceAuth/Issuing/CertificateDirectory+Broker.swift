import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateDirectory {
    /// The server's name at a broker. No device and no site can be called so.
    public static let brokerUser = "@otaserve"

    /// Makes the certificate by which this server is known to a broker; the device authority signs it, as it does devices'.
    public func issueBrokerClient(now: Date) throws(DeviceAuthError) -> BrokerCredentials {
        let issuer = try deviceIssuer()
        let factory = SubjectName.first(.subjectOrganizationalUnit, in: issuer.authority.subject)
        let key = Issuer.newKey()
        let certificate = try issuer.issue(
            .device, subject: SubjectName.name(common: Self.brokerUser, organization: nil, unit: factory), key: .init(key.publicKey),
            now: now)
        return try Self.credentials(certificate, key.pemText)
    }

    /// Makes a TLS certificate for a broker under names of its own; the root's key must be here.
    public func issueBroker(_ names: [ServerName], now: Date) throws(DeviceAuthError) -> BrokerCredentials {
        try Self.require(names)
        guard FileReading.exists(path(.rootKey)) else {
            throw DeviceAuthError(
                .fileMissing,
                "\(path(.rootKey)) is not here, so no certificate can be made for the broker: leave --dnsname out to use the server's own, or run the command where the root's key is"
            )
        }
        let root = try Issuer(certificate(.rootCertificate), key: privateKey(.rootKey), name: "root")
        let factory = SubjectName.first(.subjectOrganizationalUnit, in: root.authority.subject)
        let key = Issuer.newKey()
        let common = names.first { $0.text.utf8.count <= 64 }?.text
        let certificate = try root.issue(
            .server(names), subject: SubjectName.name(common: common, organization: factory, unit: factory), key: .init(key.publicKey),
            now: now)
        return try Self.credentials(certificate, key.pemText)
    }

    private static func credentials(_ certificate: Certificate, _ key: String) throws(DeviceAuthError) -> BrokerCredentials {
        try Issuer.cryptography { BrokerCredentials(certificatePEM: try certificate.pemText(), privateKeyPEM: key) }
    }
}
