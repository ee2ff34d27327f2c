import Crypto
import Foundation
import NIOSSL
import X509

/// Issues client certificates of devices that nobody has seen yet: EC P-256, `CN` = uuid, `OU` = factory, one fresh key each.
struct CertificateIssuer {
    private let authority: Certificate
    private let authorityKey: Certificate.PrivateKey
    private let factory: String

    init(certificateFile: String, keyFile: String, factory: String) throws {
        authority = try Certificate(pemEncoded: String(contentsOfFile: certificateFile, encoding: .utf8))
        authorityKey = try Certificate.PrivateKey(pemEncoded: String(contentsOfFile: keyFile, encoding: .utf8))
        self.factory = factory
    }

    func issue(uuid: String) throws -> ClientIdentity {
        let key = P256.Signing.PrivateKey()
        let now = Date()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            // An hour back, for clocks that differ.
            notValidBefore: now.addingTimeInterval(-3600),
            notValidAfter: now.addingTimeInterval(24 * 3600),
            issuer: authority.subject,
            subject: try DistinguishedName {
                CommonName(uuid)
                OrganizationalUnitName(factory)
            },
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.clientAuth])
            },
            issuerPrivateKey: authorityKey
        )
        return ClientIdentity(
            chain: [try NIOSSLCertificate(bytes: Array(certificate.serializeAsPEM().pemString.utf8), format: .pem)],
            key: try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)
        )
    }
}
