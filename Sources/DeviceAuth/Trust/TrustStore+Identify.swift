import Crypto
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TrustStore {
    /// Who presents the certificate `der`, or why it is not accepted.
    ///
    /// Reads no clock and no file: the answer depends on the arguments and the store alone. The signature is checked
    /// before anything the certificate says is believed.
    public func identify(leaf der: [UInt8], now: Date) throws(CertificateRefusal) -> PeerIdentity {
        let certificate = try Self.decode(der)
        let issuer = try issuer(of: certificate, now: now)
        try LeafRules.check(certificate, now: now)
        try issuer.checkRevocation(CertificateSerial(certificate.serialNumber), now: now)
        return try PeerIdentity(certificate)
    }

    private static func decode(_ der: [UInt8]) throws(CertificateRefusal) -> Certificate {
        do {
            let certificate = try Certificate(derEncoded: der)
            guard SignatureScheme(certificate.signatureAlgorithm) != nil else { throw weakSignature }
            guard certificate.hasMatchingAlgorithms(in: der) else {
                throw CertificateRefusal(.malformed, "the certificate's two signature algorithms differ: issue it anew")
            }
            return certificate
        } catch let refusal as CertificateRefusal {
            throw refusal
        } catch let error as CertificateError where error.code == .unsupportedSignatureAlgorithm {
            throw weakSignature
        } catch let error as CertificateError where error.code == .unsupportedPublicKeyAlgorithm {
            throw weakKey
        } catch is CryptoKitError {
            // Thrown for the key only: a point that is not on its curve, RSA that is too short.
            throw weakKey
        } catch {
            throw CertificateRefusal(
                .malformed,
                "this is not a certificate in DER (\(decodingReason(error))): issue it anew, 'openssl x509 -text' shows it"
            )
        }
    }

    private static var weakSignature: CertificateRefusal {
        CertificateRefusal(
            .weakSignature,
            "the certificate's signature algorithm is not accepted: issue it anew with ECDSA or RSA and SHA-256 or better"
        )
    }

    private static var weakKey: CertificateRefusal {
        CertificateRefusal(
            .weakKey,
            "the public key is of a kind that is not accepted: use EC P-256, EC P-384, Ed25519 or RSA with at least 2048 bits"
        )
    }

    /// The authority that signed the certificate and is in good standing.
    ///
    /// Several authorities may share a name (a renewed one, or a stranger's). Each that may be meant is tried, and
    /// one in good standing is enough.
    private func issuer(of certificate: Certificate, now: Date) throws(CertificateRefusal) -> TrustedAuthority {
        var refusal = CertificateRefusal(
            .foreign,
            "no authority of cas.pem issued this certificate (issuer \(quoted(certificate.issuer.description))): add its authority to cas.pem, or issue the device a certificate of this server"
        )
        for index in indicesBySubject[certificate.issuer] ?? [] {
            let candidate = authorities[index]
            guard try mayHaveIssued(candidate.authority, certificate), candidate.authority.hasSigned(certificate) else {
                continue
            }
            do throws(CertificateRefusal) {
                try candidate.checkStanding(now: now)
                return candidate
            } catch {
                refusal = error
            }
        }
        throw refusal
    }

    private func mayHaveIssued(_ authority: Authority, _ certificate: Certificate) throws(CertificateRefusal) -> Bool {
        do {
            return try authority.mayHaveIssued(certificate)
        } catch {
            throw CertificateRefusal(
                .malformed,
                "authorityKeyIdentifier can not be decoded (\(decodingReason(error))): issue the certificate anew")
        }
    }
}

extension Certificate {
    /// RFC 5280 §4.1.1.2: the algorithm beside the signature must be the one inside what is signed.
    ///
    /// The decoder keeps only one of them, and the one it keeps is not covered by the signature.
    fileprivate func hasMatchingAlgorithms(in der: [UInt8]) -> Bool {
        var outer = DERScanner(der[...])
        guard let whole = outer.next() else { return false }
        var parts = DERScanner(whole.content)
        guard let body = parts.next(), let algorithm = parts.next() else { return false }
        var fields = DERScanner(body.content)
        // version [0] is absent in version 1; the serial number follows, then the algorithm.
        guard let first = fields.next(), first.tag != 0xa0 || fields.next() != nil, let inner = fields.next() else {
            return false
        }
        return inner.encoded == algorithm.encoded
    }
}
