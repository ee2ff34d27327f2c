import Crypto
import Foundation
import SwiftASN1
import X509

@testable import DeviceAuth

/// Makes certificates as a test wants them, right ones and wrong ones.
enum Forge {
    /// The moment at which all forged certificates are judged.
    static let now = Date(timeIntervalSince1970: 1_900_000_000)
    static let day: TimeInterval = 86_400

    struct Authority {
        let certificate: Certificate
        let key: Certificate.PrivateKey

        var pem: String { get throws { try certificate.pemText() } }
    }

    /// Everything in a certificate that a test may change.
    struct Draft {
        var subject: DistinguishedName
        var issuer: DistinguishedName
        var serial = Certificate.SerialNumber(bytes: [0x5a, 0x01, 0x02])
        var version = Certificate.Version.v3
        var notBefore = Forge.now - Forge.day
        var notAfter = Forge.now + Forge.day
        var publicKey: Certificate.PublicKey
        var extensions: [Certificate.Extension]
        var signer: Certificate.PrivateKey
        var algorithm: Certificate.SignatureAlgorithm?

        mutating func replace(_ item: Certificate.Extension) {
            extensions.removeAll { $0.oid == item.oid }
            extensions.append(item)
        }

        func certificate() throws -> Certificate {
            let extensions = try Certificate.Extensions(extensions)
            if let algorithm {
                return try Certificate(
                    version: version, serialNumber: serial, publicKey: publicKey, notValidBefore: notBefore,
                    notValidAfter: notAfter,
                    issuer: issuer, subject: subject, signatureAlgorithm: algorithm, extensions: extensions,
                    issuerPrivateKey: signer)
            }
            return try Certificate(
                version: version, serialNumber: serial, publicKey: publicKey, notValidBefore: notBefore,
                notValidAfter: notAfter,
                issuer: issuer, subject: subject, extensions: extensions, issuerPrivateKey: signer)
        }
    }

    static func authority(
        _ name: String = "device CA", issuer: Authority? = nil, key: Certificate.PrivateKey = newKey(),
        change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Authority {
        let subject = SubjectName.name(common: name, organization: "acme", unit: "acme")
        let issuerIdentifier = SubjectKeyIdentifier(hash: (issuer?.key ?? key).publicKey).keyIdentifier
        var draft = Draft(
            subject: subject, issuer: issuer?.certificate.subject ?? subject, publicKey: key.publicKey,
            extensions: Array(
                try CertificateProfile.deviceAuthority.extensions(
                    for: key.publicKey, issuerKeyIdentifier: issuerIdentifier)),
            signer: issuer?.key ?? key)
        try change(&draft)
        return Authority(certificate: try draft.certificate(), key: key)
    }

    static func leaf(
        _ issuer: Authority, common: String = "pump-7", change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Certificate {
        let key = newKey()
        var draft = Draft(
            subject: SubjectName.name(common: common, organization: nil, unit: "acme"),
            issuer: issuer.certificate.subject,
            publicKey: key.publicKey,
            extensions: Array(
                try CertificateProfile.device.extensions(
                    for: key.publicKey,
                    issuerKeyIdentifier: SubjectKeyIdentifier(hash: issuer.key.publicKey).keyIdentifier)),
            signer: issuer.key)
        try change(&draft)
        return try draft.certificate()
    }

    /// A site's certificate that grants what `uris` say.
    static func site(
        _ issuer: Authority, name: String = "plant-2", uris: [String] = ["otaserve:site:ci/main"],
        change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Certificate {
        try leaf(issuer) { draft in
            draft.subject = subject(
                (.subjectCommonName, name), (.subjectOrganizationalUnit, "acme"), (.subjectBusinessCategory, "site"))
            if !uris.isEmpty { draft.replace(try alternativeNames(uris)) }
            try change(&draft)
        }
    }

    static func subject(_ attributes: (ASN1ObjectIdentifier, String)...) -> DistinguishedName {
        DistinguishedName(attributes.map { RelativeDistinguishedName(.init(type: $0.0, utf8String: $0.1)) })
    }

    static func alternativeNames(_ uris: [String]) throws -> Certificate.Extension {
        try .init(SubjectAlternativeNames(uris.map { .uniformResourceIdentifier($0) }), critical: false)
    }

    static func newKey() -> Certificate.PrivateKey { Certificate.PrivateKey(P256.Signing.PrivateKey()) }

    static func store(_ authorities: Authority..., lists: [(name: String, pem: [UInt8])] = []) throws -> TrustStore {
        try TrustStore(
            authorities: Array(try authorities.map { try $0.pem }.joined().utf8), revocationLists: lists, now: now)
    }
}

extension Certificate {
    var der: [UInt8] { get throws { try serializeAsPEM().derBytes } }
}

extension TrustStore {
    struct NoDevice: Error {}

    /// The device of a certificate that must be one's.
    func device(leaf der: [UInt8], now: Date) throws -> DeviceIdentity {
        guard case .device(let device) = try identify(leaf: der, now: now) else { throw NoDevice() }
        return device
    }

    /// The code with which a certificate is refused; nil when it is accepted.
    func refusal(_ certificate: Certificate, now: Date = Forge.now) throws -> CertificateRefusal.Code? {
        refusal(try certificate.der, now: now)
    }

    func refusal(_ der: [UInt8], now: Date = Forge.now) -> CertificateRefusal.Code? {
        do throws(CertificateRefusal) {
            _ = try identify(leaf: der, now: now)
            return nil
        } catch {
            return error.code
        }
    }
}
