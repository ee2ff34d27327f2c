import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import DeviceAuth

/// One defect per case; the certificate is right otherwise.
@Suite struct HostileCertificateTests {
    struct Defect: CustomTestStringConvertible, Sendable {
        let title: String
        let code: CertificateRefusal.Code
        let change: @Sendable (inout Forge.Draft) throws -> Void
        var testDescription: String { title }
    }

    static let defects: [Defect] = [
        .init(title: "ended a second ago", code: .expired) { $0.notAfter = Forge.now - 1 },
        .init(title: "ends now", code: .expired) { $0.notAfter = Forge.now },
        .init(title: "begins in a second", code: .notYetValid) { $0.notBefore = Forge.now + 1 },
        .init(title: "signed by a stranger in the authority's name", code: .foreign) { $0.signer = Forge.newKey() },
        .init(title: "names an issuer nobody knows", code: .foreign) { draft in
            draft.issuer = SubjectName.name(common: "nobody", organization: nil, unit: nil)
        },
        .init(title: "names another key of the issuer", code: .foreign) { draft in
            draft.replace(try .init(AuthorityKeyIdentifier(keyIdentifier: [1, 2, 3]), critical: false))
        },
        .init(title: "says CA", code: .authorityAsLeaf) { draft in
            draft.replace(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: nil), critical: true))
        },
        .init(title: "keyUsage without digitalSignature", code: .keyUsage) { draft in
            draft.replace(try .init(KeyUsage(keyEncipherment: true), critical: true))
        },
        .init(title: "extendedKeyUsage only for servers", code: .keyUsage) { draft in
            draft.replace(try .init(ExtendedKeyUsage([.serverAuth]), critical: false))
        },
        .init(title: "extendedKeyUsage only for code", code: .keyUsage) { draft in
            draft.replace(try .init(ExtendedKeyUsage([.codeSigning, .ocspSigning]), critical: true))
        },
        .init(title: "an unknown critical extension", code: .criticalExtension) { draft in
            draft.extensions.append(.init(oid: [1, 2, 3, 4], critical: true, value: [0x05, 0x00]))
        },
        .init(title: "critical name constraints", code: .criticalExtension) { draft in
            draft.extensions.append(.init(oid: .X509ExtensionID.nameConstraints, critical: true, value: [0x30, 0x00]))
        },
        .init(title: "basicConstraints that is none", code: .malformed) { draft in
            draft.replace(.init(oid: .X509ExtensionID.basicConstraints, critical: true, value: [0x05, 0x00]))
        },
        .init(title: "keyUsage with impossible padding", code: .malformed) { draft in
            draft.replace(.init(oid: .X509ExtensionID.keyUsage, critical: true, value: [0x03, 0x01, 0x05]))
        },
        .init(title: "keyUsage of three bytes", code: .malformed) { draft in
            draft.replace(
                .init(oid: .X509ExtensionID.keyUsage, critical: true, value: [0x03, 0x04, 0x00, 0x80, 0x80, 0x01]))
        },
        .init(title: "authorityKeyIdentifier that is none", code: .malformed) { draft in
            draft.replace(.init(oid: .X509ExtensionID.authorityKeyIdentifier, critical: false, value: [0xff]))
        },
        .init(title: "a P-521 key", code: .weakKey) { $0.publicKey = .init(P521.Signing.PrivateKey().publicKey) },
        .init(title: "an Ed25519 key of small order", code: .weakKey) { draft in
            draft.publicKey = .init(
                try Curve25519.Signing.PublicKey(rawRepresentation: [1] + [UInt8](repeating: 0, count: 31)))
        },
    ]

    @Test("a certificate with one defect is refused with that defect's code", arguments: defects)
    func refused(_ defect: Defect) throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        #expect(try store.refusal(Forge.leaf(authority)) == nil)
        #expect(try store.refusal(Forge.leaf(authority, change: defect.change)) == defect.code)
    }

    @Test("a foreign authority of the same name issues nothing that is accepted")
    func foreignOfSameName() throws {
        let ours = try Forge.authority()
        let theirs = try Forge.authority()
        let store = try Forge.store(ours)
        #expect(try store.refusal(Forge.leaf(theirs)) == .foreign)
        #expect(
            try store.refusal(
                Forge.leaf(theirs) { $0.extensions.removeAll { $0.oid == .X509ExtensionID.authorityKeyIdentifier } })
                == .foreign)
        #expect(try Forge.store(ours, theirs).refusal(Forge.leaf(theirs)) == nil)
    }

    @Test("the authorities themselves are no devices")
    func authoritiesAsLeaves() throws {
        let root = try Forge.authority("root CA")
        let device = try Forge.authority("device CA", issuer: root)
        let store = try Forge.store(device, root)
        #expect(try store.refusal(root.certificate) == .authorityAsLeaf)
        #expect(try store.refusal(device.certificate) == .authorityAsLeaf)
    }

    @Test("an authority that is not in cas.pem issues nothing, though a trusted one stands above it")
    func onlyDirectIssuers() throws {
        let root = try Forge.authority("root CA")
        let unlisted = try Forge.authority("unlisted CA", issuer: root)
        #expect(try Forge.store(root).refusal(Forge.leaf(unlisted)) == .foreign)
    }

    @Test("a device is no authority: what it signs is foreign")
    func leafAsIssuer() throws {
        let authority = try Forge.authority()
        let key = Forge.newKey()
        let device = try Forge.leaf(authority) { $0.publicKey = key.publicKey }
        let child = try Forge.leaf(Forge.Authority(certificate: device, key: key))
        #expect(try Forge.store(authority).refusal(child) == .foreign)
    }

    @Test("an authority outside its own validity lets nobody in")
    func authorityExpired() throws {
        let ended = try Forge.authority { $0.notAfter = Forge.now }
        let early = try Forge.authority("early CA") { $0.notBefore = Forge.now + 1 }
        let store = try Forge.store(ended, early)
        #expect(try store.refusal(Forge.leaf(ended)) == .authorityExpired)
        #expect(try store.refusal(Forge.leaf(early)) == .authorityExpired)
        #expect(store.warnings.count == 2)
    }

    @Test("a renewed authority with the same name and key takes over from the one that has ended")
    func renewedAuthority() throws {
        let key = Forge.newKey()
        let ended = try Forge.authority(key: key) { $0.notAfter = Forge.now }
        let renewed = try Forge.authority(key: key) { $0.serial = .init(bytes: [9]) }
        let leaf = try Forge.leaf(ended)
        #expect(try Forge.store(ended, renewed).refusal(leaf) == nil)
        #expect(try Forge.store(renewed, ended).refusal(leaf) == nil)
    }

    @Test("a certificate whose two signature algorithms differ is malformed")
    func algorithmsDiffer() throws {
        let authority = try Forge.authority()
        var der = try Forge.leaf(authority).der
        // The first of the two identifiers is inside what is signed; the second stands beside the signature.
        let outer = try #require(der.lastRange(of: SignatureScheme.ecdsaSHA256.algorithmIdentifier))
        der.replaceSubrange(outer, with: SignatureScheme.ecdsaSHA512.algorithmIdentifier)
        #expect(try Forge.store(authority).refusal(der) == .malformed)
    }

    @Test(
        "what is no certificate is malformed",
        arguments: [
            [], [0x30], [0x30, 0x00], [0x30, 0x80, 0x00, 0x00], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            [UInt8](repeating: 0x30, count: 4_096),
            [0x05, 0x00], [0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x00],
            Array("-----BEGIN CERTIFICATE-----".utf8),
        ] as [[UInt8]])
    func noCertificate(_ der: [UInt8]) throws {
        #expect(try Forge.store(Forge.authority()).refusal(der) == .malformed)
    }

    @Test("bytes after the certificate make it malformed")
    func trailingBytes() throws {
        let authority = try Forge.authority()
        #expect(try Forge.store(authority).refusal(Forge.leaf(authority).der + [0x00]) == .malformed)
    }

    @Test("anyExtendedKeyUsage, clientAuth among others, and no usage extensions at all are accepted")
    func permittedUsages() throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        #expect(
            try store.refusal(
                Forge.leaf(authority) { $0.replace(try .init(ExtendedKeyUsage([.any]), critical: false)) }) == nil)
        #expect(
            try store.refusal(
                Forge.leaf(authority) {
                    $0.replace(try .init(ExtendedKeyUsage([.serverAuth, .clientAuth]), critical: true))
                }) == nil)
        #expect(try store.refusal(Forge.leaf(authority) { $0.extensions = [] }) == nil)
    }

    @Test("P-384 and Ed25519 devices and P-384 authorities are accepted")
    func otherKeys() throws {
        let authority = try Forge.authority(key: .init(P384.Signing.PrivateKey()))
        let store = try Forge.store(authority)
        #expect(
            try store.refusal(Forge.leaf(authority) { $0.publicKey = .init(P384.Signing.PrivateKey().publicKey) })
                == nil)
        #expect(
            try store.refusal(Forge.leaf(authority) { $0.publicKey = .init(Curve25519.Signing.PrivateKey().publicKey) })
                == nil)
    }

    @Test(
        "every encoding of the Ed25519 points of small order is known, with either sign",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ])
    func smallOrder(_ hex: String) throws {
        var key = try #require(Hexadecimal.bytes(hex))
        #expect(PublicKeyKind.hasSmallOrder(key))
        key[31] |= 0x80
        #expect(PublicKeyKind.hasSmallOrder(key))
        key[0] ^= 0x40
        #expect(!PublicKeyKind.hasSmallOrder(key))
    }

    @Test("the messages are one line each and name no control character of the certificate")
    func messages() throws {
        let authority = try Forge.authority()
        let leaf = try Forge.leaf(authority, common: "a\n\u{1b}]0;x\u{7}")
        let refusal = try #require(throws: CertificateRefusal.self) {
            try Forge.store(authority).identify(leaf: leaf.der, now: Forge.now)
        }
        #expect(refusal.code == .identityInvalid)
        #expect(refusal.description.hasPrefix("certificate-identity-invalid: "))
        #expect(refusal.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7f })
    }
}

extension [UInt8] {
    fileprivate func lastRange(of pattern: [UInt8]) -> Range<Int>? {
        guard count >= pattern.count else { return nil }
        return (0...(count - pattern.count)).reversed().first { self[$0...].starts(with: pattern) }.map {
            $0..<($0 + pattern.count)
        }
    }
}
