import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import DeviceAuth

/// What of the subject becomes the identity.
@Suite struct SubjectTests {
    @Test(
        "a common name that can not name a device is refused",
        arguments: [
            "", ".", "..", "../../etc/passwd", "a/b", "pump\0", "pump\0.evil", String(repeating: "a", count: 49),
            "pump 7", "püm", "-rf",
        ])
    func badCommonName(_ name: String) throws {
        let authority = try Forge.authority()
        #expect(try Forge.store(authority).refusal(Forge.leaf(authority, common: name)) == .identityInvalid)
    }

    @Test("none or two common names are refused, also within one relative name")
    func commonNameCount() throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        let none = Forge.subject((.subjectOrganizationalUnit, "acme"))
        let two = Forge.subject((.subjectCommonName, "pump-7"), (.subjectCommonName, "pump-8"))
        let twice = Forge.subject((.subjectCommonName, "pump-7"), (.subjectCommonName, "pump-7"))
        let joined = DistinguishedName([
            RelativeDistinguishedName([
                .init(type: .subjectCommonName, utf8String: "pump-7"),
                .init(type: .subjectCommonName, utf8String: "pump-8"),
            ])
        ])
        for name in [none, two, twice, joined, DistinguishedName()] {
            #expect(try store.refusal(Forge.leaf(authority) { $0.subject = name }) == .identityInvalid)
        }
    }

    @Test("a common name in an encoding that is not text is refused")
    func encodedCommonName() throws {
        let authority = try Forge.authority()
        let value = try RelativeDistinguishedName.Attribute.Value(asn1Any: .init(erasing: ASN1BMPString("pump-7")))
        let name = DistinguishedName([RelativeDistinguishedName(.init(type: .subjectCommonName, value: value))])
        #expect(try Forge.store(authority).refusal(Forge.leaf(authority) { $0.subject = name }) == .identityInvalid)
    }

    @Test(
        "only businessCategory exactly 'production' makes a production device",
        arguments: [
            ("production", true), ("Production", false), ("PRODUCTION", false), ("production ", false),
            (" production", false),
            ("productio", false),
            ("production\0", false), ("productions", false), ("", false), ("ci", false), ("ｐroduction", false),
        ])
    func production(_ category: String, _ expected: Bool) throws {
        let authority = try Forge.authority()
        let leaf = try Forge.leaf(authority) {
            $0.subject = Forge.subject((.subjectCommonName, "pump-7"), (.subjectBusinessCategory, category))
        }
        #expect(try Forge.store(authority).device(leaf: leaf.der, now: Forge.now).isProduction == expected)
    }

    @Test("a business category in an encoding that is not text is refused: it may be a site's")
    func encodedCategory() throws {
        let authority = try Forge.authority()
        let value = try RelativeDistinguishedName.Attribute.Value(asn1Any: .init(erasing: ASN1BMPString("site")))
        let leaf = try Forge.leaf(authority) {
            $0.subject = DistinguishedName([
                RelativeDistinguishedName(.init(type: .subjectCommonName, utf8String: "pump-7")),
                RelativeDistinguishedName(.init(type: .subjectBusinessCategory, value: value)),
            ])
        }
        #expect(try Forge.store(authority).refusal(leaf) == .identityInvalid)
    }

    @Test("two business categories are refused, whatever they say")
    func twoCategories() throws {
        let authority = try Forge.authority()
        let leaf = try Forge.leaf(authority) {
            $0.subject = Forge.subject(
                (.subjectCommonName, "pump-7"), (.subjectBusinessCategory, "production"),
                (.subjectBusinessCategory, "production"))
        }
        #expect(try Forge.store(authority).refusal(leaf) == .identityInvalid)
    }

    @Test("'production' in another attribute does not make a production device")
    func productionElsewhere() throws {
        let authority = try Forge.authority()
        let leaf = try Forge.leaf(authority) {
            $0.subject = Forge.subject(
                (.subjectCommonName, "production"), (.subjectOrganizationalUnit, "production"),
                (.subjectOrganization, "production"))
        }
        let identity = try Forge.store(authority).device(leaf: leaf.der, now: Forge.now)
        #expect(!identity.isProduction)
        #expect(identity.factory == "production")
    }

    @Test("the identity carries the certificate's name, factory, key, end and serial")
    func identity() throws {
        let authority = try Forge.authority()
        let key = P256.Signing.PrivateKey()
        let leaf = try Forge.leaf(authority) {
            $0.publicKey = .init(key.publicKey)
            $0.serial = .init(bytes: [0x00, 0xab, 0xcd])
        }
        let identity = try Forge.store(authority).device(leaf: leaf.der, now: Forge.now)
        #expect(identity.id.text == "pump-7")
        #expect(identity.factory == "acme")
        #expect(identity.notAfter == Int64(Forge.now.timeIntervalSince1970 + Forge.day))
        #expect(identity.serial == "abcd")
        #expect(identity.key.hex == Hexadecimal.text(SHA256.hash(data: key.publicKey.derRepresentation)))
        #expect(
            try P256.Signing.PublicKey(pemRepresentation: identity.publicKeyPEM).rawRepresentation
                == key.publicKey.rawRepresentation)
        #expect(identity.publicKeyPEM.hasSuffix("-----END PUBLIC KEY-----\n"))
    }
}
