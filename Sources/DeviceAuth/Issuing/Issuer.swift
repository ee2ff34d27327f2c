import Crypto
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An authority together with its private key: what can sign certificates and revocation lists.
struct Issuer {
    let authority: Authority
    private let key: Certificate.PrivateKey
    /// What certificates carry as authorityKeyIdentifier.
    let keyIdentifier: ArraySlice<UInt8>

    init(_ certificate: Certificate, key: Certificate.PrivateKey, name: String) throws(DeviceAuthError) {
        authority = try Authority(certificate)
        guard key.publicKey == certificate.publicKey else {
            throw DeviceAuthError(
                .certificateMismatch,
                "\(name).key is not the key of \(name).crt: put the key that belongs to the certificate there")
        }
        self.key = key
        keyIdentifier = authority.keyIdentifier ?? SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier
    }

    /// A new root: it issues itself.
    static func root(subject: DistinguishedName, key: Certificate.PrivateKey, now: Date) throws(DeviceAuthError)
        -> Issuer
    {
        let certificate = try cryptography {
            let keyIdentifier = SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier
            return try Certificate(
                version: .v3, serialNumber: randomSerial(), publicKey: key.publicKey,
                notValidBefore: begin(now), notValidAfter: now.advanced(by: CertificateProfile.root.lifetime.interval),
                issuer: subject, subject: subject,
                extensions: CertificateProfile.root.extensions(for: key.publicKey, issuerKeyIdentifier: keyIdentifier),
                issuerPrivateKey: key)
        }
        return try Issuer(certificate, key: key, name: "root")
    }

    /// Issues a certificate that ends with the authority at the latest: afterwards nobody would accept it.
    func issue(
        _ profile: CertificateProfile, subject: DistinguishedName, key: Certificate.PublicKey,
        lifetime: Duration? = nil, now: Date
    ) throws(DeviceAuthError) -> Certificate {
        guard authority.notBefore <= now, now < authority.notAfter else {
            throw DeviceAuthError(
                .authorityUnsuitable,
                "the authority \(authority.title) is valid from \(UTCMoment(authority.notBefore).text) to \(UTCMoment(authority.notAfter).text) only: renew it, or check this machine's clock"
            )
        }
        let end = min(now.advanced(by: (lifetime ?? profile.lifetime).interval), authority.notAfter)
        return try Self.cryptography {
            try Certificate(
                version: .v3, serialNumber: Self.randomSerial(), publicKey: key,
                notValidBefore: Self.begin(now), notValidAfter: end, issuer: authority.subject, subject: subject,
                signatureAlgorithm: scheme.algorithm,
                extensions: profile.extensions(for: key, issuerKeyIdentifier: keyIdentifier), issuerPrivateKey: self.key
            )
        }
    }

    var scheme: SignatureScheme { SignatureScheme(signingWith: authority.keyKind) }

    func signature(over bytes: [UInt8]) throws -> [UInt8] {
        try key.sign(bytes: bytes, signatureAlgorithm: scheme.algorithm).rawRepresentation
    }

    /// Five minutes back: a device whose clock is a little behind must accept what was issued just now.
    static func begin(_ now: Date) -> Date { now.advanced(by: -300) }

    static func newKey() -> P256.Signing.PrivateKey { P256.Signing.PrivateKey() }

    /// 127 random bits, the highest set: positive, never short, and far below the 20 octets of RFC 5280 §4.1.2.2.
    static func randomSerial() -> Certificate.SerialNumber {
        let high = UInt64.random(in: .min ... .max) & 0x7fff_ffff_ffff_ffff | 0x4000_0000_0000_0000
        let low = UInt64.random(in: .min ... .max)
        return Certificate.SerialNumber(
            bytes: [high, low].flatMap { word in (0..<8).reversed().map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
            })
    }

    /// Signing and encoding fail only for reasons nobody can foresee; they get a name all the same.
    static func cryptography<Result>(_ body: () throws -> Result) throws(DeviceAuthError) -> Result {
        do {
            return try body()
        } catch let error as DeviceAuthError {
            throw error
        } catch {
            throw DeviceAuthError(
                .cryptography, "a signature or an encoding failed (\(decodingReason(error))): run the command again")
        }
    }
}

extension Duration {
    var interval: TimeInterval { TimeInterval(components.seconds) }
}
