import SwiftASN1
import X509

extension DeviceIdentity {
    /// Reads the identity out of a certificate whose issuer has been checked.
    init(_ certificate: Certificate) throws(CertificateRefusal) {
        var commonNames: [String?] = []
        var categories: [String?] = []
        var factory: String?
        for name in certificate.subject {
            for attribute in name {
                switch attribute.type {
                case .subjectCommonName: commonNames.append(String(attribute.value))
                case .subjectBusinessCategory: categories.append(String(attribute.value))
                case .subjectOrganizationalUnit: factory = factory ?? String(attribute.value)
                default: break
                }
            }
        }
        // Two names would let one reader see one device and another reader the other.
        guard commonNames.count == 1, categories.count <= 1 else {
            throw CertificateRefusal(
                .identityInvalid,
                "the subject has \(commonNames.count) common names and \(categories.count) business categories: issue a certificate with exactly one CN and at most one businessCategory"
            )
        }
        do {
            let spki = try certificate.publicKey.serializeAsPEM().derBytes
            self.init(
                id: try DeviceID(commonNames[0] ?? ""),
                factory: factory,
                // Compared by bytes: String equality would also accept other spellings of the same characters.
                isProduction: categories.first??.utf8.elementsEqual("production".utf8) ?? false,
                publicKeyPEM: PEMText.text(label: "PUBLIC KEY", bytes: spki),
                key: KeyFingerprint(subjectPublicKeyInfo: spki),
                notAfter: UTCMoment(certificate.notValidAfter).seconds,
                serial: CertificateSerial(certificate.serialNumber).hex
            )
        } catch let error as DeviceAuthError {
            throw CertificateRefusal(.identityInvalid, "the common name is not a device: \(error.message)")
        } catch {
            throw CertificateRefusal(.malformed, "the public key can not be encoded: issue the certificate anew")
        }
    }
}

extension ASN1ObjectIdentifier {
    static let subjectCommonName: ASN1ObjectIdentifier = [2, 5, 4, 3]
    static let subjectOrganization: ASN1ObjectIdentifier = [2, 5, 4, 10]
    static let subjectOrganizationalUnit: ASN1ObjectIdentifier = [2, 5, 4, 11]
    static let subjectBusinessCategory: ASN1ObjectIdentifier = [2, 5, 4, 15]
}
