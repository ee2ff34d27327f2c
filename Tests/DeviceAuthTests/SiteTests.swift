import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import DeviceAuth

/// Certificates of sites: what makes one, what it grants, and that nothing turns it into a device's.
@Suite struct SiteTests {
    private func identify(_ leaf: Certificate, _ authority: Forge.Authority) throws -> PeerIdentity {
        try Forge.store(authority).identify(leaf: leaf.der, now: Forge.now)
    }

    private func site(_ leaf: Certificate, _ authority: Forge.Authority) throws -> SiteIdentity? {
        guard case .site(let site) = try identify(leaf, authority) else { return nil }
        return site
    }

    @Test(
        "a site's certificate whose grants are missing, too many or not understood is refused",
        arguments: [
            [], ["https://example.com/"], ["otaserve:site:"], ["otaserve:site:ci"], ["otaserve:site:ci/"], ["otaserve:site:/main"],
            ["otaserve:site:dev/main"], ["otaserve:site:CI/main"], ["otaserve:site:*/main"], ["otaserve:site:*/*"], ["otaserve:site:*"],
            ["otaserve:site:ci/main/42"], ["otaserve:site:ci/main/"], ["otaserve:site:ci//main"], ["otaserve:site:ci/../prod"],
            ["otaserve:site:ci/.."], ["otaserve:site:ci/.hidden"], ["otaserve:site:ci/-x"], ["otaserve:site:ci/ma*"],
            ["otaserve:site:ci/**"], ["otaserve:site:ci/m%61in"], ["otaserve:site:ci/main?x"], ["otaserve:site:ci/a b"],
            ["otaserve:site:ci/" + String(repeating: "a", count: 81)], ["otaserve:Site:ci/main"], ["OTASERVE:site:ci/main"],
            ["Otaserve:site:ci/main", "otaserve:site:ci/main"], ["otaserve:device:ci/main"], ["otaserve:"],
            // One that is wrong among those that are right spoils the certificate.
            ["otaserve:site:ci/main", "otaserve:site:ci"], ["otaserve:site:ci/main", "otaserve:other"],
            (0...64).map { "otaserve:site:ci/tag-\($0)" }, [String](repeating: "otaserve:site:ci/main", count: 65),
        ] as [[String]])
    func badGrants(_ uris: [String]) throws {
        let authority = try Forge.authority()
        #expect(try Forge.store(authority).refusal(Forge.site(authority, uris: uris)) == .siteGrantsInvalid)
    }

    @Test("a site's certificate whose alternative names can not be decoded is refused")
    func brokenNames() throws {
        let authority = try Forge.authority()
        let leaf = try Forge.site(authority) {
            $0.replace(.init(oid: .X509ExtensionID.subjectAlternativeName, critical: false, value: [0x05, 0x00]))
        }
        #expect(try Forge.store(authority).refusal(leaf) == .siteGrantsInvalid)
    }

    @Test("a grant as a DNS name, or as another site's e-mail address, is none")
    func otherKinds() throws {
        let authority = try Forge.authority()
        let leaf = try Forge.site(authority) {
            $0.replace(
                try .init(
                    SubjectAlternativeNames([.dnsName("otaserve:site:ci/main"), .rfc822Name("otaserve:site:ci/main")]),
                    critical: false))
        }
        #expect(try Forge.store(authority).refusal(leaf) == .siteGrantsInvalid)
    }

    @Test(
        "a site's name has the form of a device's",
        arguments: ["", ".", "..", "a/b", "../x", String(repeating: "a", count: 49), "plant 2", "-rf", "plant\0"])
    func badNames(_ name: String) throws {
        let authority = try Forge.authority()
        #expect(try Forge.store(authority).refusal(Forge.site(authority, name: name)) == .identityInvalid)
    }

    @Test("two common names are refused, and so is a category beside 'site'")
    func twoNames() throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        let seconds: [(ASN1ObjectIdentifier, String)] = [
            (.subjectCommonName, "plant-3"), (.subjectBusinessCategory, "production"),
        ]
        for second in seconds {
            let leaf = try Forge.site(authority) { draft in
                draft.subject = DistinguishedName(
                    Array(draft.subject) + [RelativeDistinguishedName(.init(type: second.0, utf8String: second.1))])
            }
            #expect(try store.refusal(leaf) == .identityInvalid)
        }
    }

    @Test("a site's certificate is subject to every rule of a client's")
    func otherRules() throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        #expect(try store.refusal(Forge.site(authority) { $0.notAfter = Forge.now }) == .expired)
        #expect(try store.refusal(Forge.site(authority) { $0.signer = Forge.newKey() }) == .foreign)
        #expect(
            try store.refusal(Forge.site(authority) { $0.replace(try .init(ExtendedKeyUsage([.serverAuth]), critical: false)) })
                == .keyUsage)
        let list = try ListDraft(authority, revoking: [[0x5a, 0x01, 0x02]]).file()
        #expect(try Forge.store(authority, lists: [list]).refusal(Forge.site(authority)) == .revoked)
    }

    @Test(
        "only businessCategory exactly 'site' makes a site; every other value is a device's, whatever its alternative names say",
        arguments: ["Site", "SITE", "site ", " site", "sites", "site\0", "ｓite", "production", "ci", ""])
    func devices(_ category: String) throws {
        let authority = try Forge.authority()
        let leaf = try Forge.site(authority) { draft in
            draft.subject = Forge.subject((.subjectCommonName, "pump-7"), (.subjectBusinessCategory, category))
        }
        guard case .device(let device) = try identify(leaf, authority) else {
            Issue.record("\(category) makes a site")
            return
        }
        #expect(device.id.text == "pump-7")
        #expect(device.isProduction == (category == "production"))
    }

    @Test("a device's certificate with the names of grants, right or wrong, stays a device's")
    func deviceWithGrants() throws {
        let authority = try Forge.authority()
        for uri in ["otaserve:site:ci/main", "otaserve:site:prod/*", "otaserve:nonsense"] {
            let leaf = try Forge.leaf(authority) { $0.replace(try Forge.alternativeNames([uri])) }
            guard case .device = try identify(leaf, authority) else {
                Issue.record("\(uri) makes a site")
                return
            }
        }
    }

    @Test("the identity carries the certificate's name, factory, key, end, serial and grants")
    func identity() throws {
        let authority = try Forge.authority()
        let key = P256.Signing.PrivateKey()
        let uris = ["https://other.example", "otaserve:site:ci/main", "otaserve:site:prod/*", "otaserve:site:ci/main"]
        let site = try #require(
            try site(
                Forge.site(authority, uris: uris) {
                    $0.publicKey = .init(key.publicKey)
                    $0.serial = .init(bytes: [0x00, 0xab, 0xcd])
                }, authority))
        #expect(site.name.text == "plant-2")
        #expect(site.factory == "acme")
        #expect(site.key.hex == Hexadecimal.text(SHA256.hash(data: key.publicKey.derRepresentation)))
        #expect(site.notAfter == Int64(Forge.now.timeIntervalSince1970 + Forge.day))
        #expect(site.serial == "abcd")
        #expect(site.grants.map(\.description) == ["ci/main", "prod/*"])
    }

    @Test("64 grants with the longest tags are taken")
    func most() throws {
        let authority = try Forge.authority()
        let uris = (10..<74).map { "otaserve:site:prod/" + String(repeating: "a", count: 78) + "\($0)" }
        #expect(try site(Forge.site(authority, uris: uris), authority)?.grants.count == 64)
    }

    @Test("a grant covers its channel and tag, '*' every tag of its channel, and nothing else")
    func covers() throws {
        let main = try SiteGrant("ci/main")
        let all = try SiteGrant("prod/*")
        #expect(main.covers(channel: .ci, tag: "main"))
        #expect(!main.covers(channel: .prod, tag: "main"))
        for tag in ["Main", "mai", "main2", "*", ""] { #expect(!main.covers(channel: .ci, tag: tag)) }
        #expect(all.covers(channel: .prod, tag: "main"))
        #expect(!all.covers(channel: .ci, tag: "main"))
        #expect(try SiteGrant("ci/a+b.c_d-e").description == "ci/a+b.c_d-e")
    }

    @Test(
        "a grant hidden behind a combining mark is none", arguments: ["ci/\u{301}main", "ci/main\u{301}", "c\u{131}/main", "ci/*\u{301}"])
    func marks(_ text: String) {
        #expect(throws: DeviceAuthError.self) { try SiteGrant(text) }
    }
}
