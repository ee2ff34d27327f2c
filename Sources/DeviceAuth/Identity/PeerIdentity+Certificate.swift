import X509

extension PeerIdentity {
    /// Reads the identity out of a certificate whose issuer has been checked.
    init(_ certificate: Certificate) throws(CertificateRefusal) {
        let subject = try LeafSubject(certificate.subject)
        switch subject.kind {
        case .device(let isProduction):
            self = .device(try DeviceIdentity(certificate, subject, isProduction: isProduction))
        case .site:
            self = .site(try SiteIdentity(certificate, subject))
        }
    }
}

extension DeviceIdentity {
    fileprivate init(
        _ certificate: Certificate, _ subject: LeafSubject, isProduction: Bool
    ) throws(CertificateRefusal) {
        let spki = try certificate.encodedKey
        do throws(DeviceAuthError) {
            self.init(
                id: try DeviceID(subject.commonName), factory: subject.factory, isProduction: isProduction,
                publicKeyPEM: PEMText.text(label: "PUBLIC KEY", bytes: spki),
                key: KeyFingerprint(subjectPublicKeyInfo: spki),
                notAfter: UTCMoment(certificate.notValidAfter).seconds,
                serial: CertificateSerial(certificate.serialNumber).hex)
        } catch {
            throw CertificateRefusal(.identityInvalid, "the common name is not a device: \(error.message)")
        }
    }
}

extension SiteIdentity {
    fileprivate init(_ certificate: Certificate, _ subject: LeafSubject) throws(CertificateRefusal) {
        let grants = try SiteGrant.granted(by: certificate)
        let spki = try certificate.encodedKey
        do throws(DeviceAuthError) {
            self.init(
                name: try SiteName(subject.commonName), factory: subject.factory,
                key: KeyFingerprint(subjectPublicKeyInfo: spki),
                notAfter: UTCMoment(certificate.notValidAfter).seconds,
                serial: CertificateSerial(certificate.serialNumber).hex, grants: grants)
        } catch {
            throw CertificateRefusal(.identityInvalid, "the common name is not a site: \(error.message)")
        }
    }
}

extension Certificate {
    /// The DER of SubjectPublicKeyInfo.
    fileprivate var encodedKey: [UInt8] {
        get throws(CertificateRefusal) {
            do {
                return try publicKey.serializeAsPEM().derBytes
            } catch {
                throw CertificateRefusal(.malformed, "the public key can not be encoded: issue the certificate anew")
            }
        }
    }
}
