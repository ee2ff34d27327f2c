import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a client's certificate must be, apart from who issued it.
///
/// 1. notBefore ≤ now < notAfter.
/// 2. It is no authority: basicConstraints does not say CA (RFC 5280 §4.2.1.9).
/// 3. keyUsage, when present, has digitalSignature (§4.2.1.3).
/// 4. extendedKeyUsage, when present, has clientAuth or anyExtendedKeyUsage (§4.2.1.12).
/// 5. No critical extension that is not understood (§4.2).
/// 6. The public key is of an accepted kind and length.
enum LeafRules {
    static func check(_ certificate: Certificate, now: Date) throws(CertificateRefusal) {
        try checkUse(certificate.extensions)
        try checkKey(certificate.publicKey)
        try checkValidity(certificate, now: now)
    }

    private static func checkValidity(_ certificate: Certificate, now: Date) throws(CertificateRefusal) {
        guard certificate.notValidBefore <= now else {
            throw CertificateRefusal(
                .notYetValid,
                "the certificate begins at \(UTCMoment(certificate.notValidBefore).text), and it is \(UTCMoment(now).text): check the clocks of this server and of the issuer"
            )
        }
        guard now < certificate.notValidAfter else {
            throw CertificateRefusal(
                .expired,
                "the certificate ended at \(UTCMoment(certificate.notValidAfter).text): issue a new one to the device"
            )
        }
    }

    private static func checkUse(_ extensions: Certificate.Extensions) throws(CertificateRefusal) {
        let use: ExtensionUse
        do {
            use = try ExtensionUse(extensions)
        } catch {
            throw CertificateRefusal(
                .malformed,
                "an extension of the certificate can not be decoded (\(decodingReason(error))): issue it anew")
        }
        guard !use.isAuthority else {
            throw CertificateRefusal(
                .authorityAsLeaf,
                "this is the certificate of an authority: give the device one of its own with 'pki issue-device'")
        }
        if let keyUsage = use.keyUsage, !keyUsage.digitalSignature {
            throw CertificateRefusal(.keyUsage, "keyUsage lacks digitalSignature: issue a certificate for a TLS client")
        }
        guard use.permitsClient else {
            throw CertificateRefusal(
                .keyUsage, "extendedKeyUsage lacks clientAuth: issue a certificate for a TLS client")
        }
        if let unknown = use.unknownCritical {
            throw CertificateRefusal(
                .criticalExtension,
                "the critical extension \(unknown) is not understood: issue a certificate without it")
        }
    }

    private static func checkKey(_ key: Certificate.PublicKey) throws(CertificateRefusal) {
        do throws(PublicKeyKind.Unacceptable) {
            _ = try PublicKeyKind(key)
        } catch {
            throw CertificateRefusal(
                .weakKey,
                "the public key \(error.reason): use EC P-256, EC P-384, Ed25519 or RSA with at least 2048 bits"
            )
        }
    }
}
