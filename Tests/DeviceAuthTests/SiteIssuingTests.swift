import Foundation
import Testing

@testable import DeviceAuth

/// `pki issue-site`: what it makes is a site's certificate, and `pki revoke` ends it.
@Suite struct SiteIssuingTests {
    let directory: TemporaryDirectory
    let certificates: CertificateDirectory
    let name: SiteName

    init() throws {
        directory = try TemporaryDirectory()
        certificates = CertificateDirectory(directory.file("certs"))
        name = try SiteName("plant-2")
        try certificates.initialise(factory: FactoryName("acme"), serverNames: [ServerName("a")], now: Forge.now)
    }

    private func leaf(_ pem: String) throws -> [UInt8] { try #require(PEMText.blocks(Array(pem.utf8)).first).bytes }

    private func store() throws -> TrustStore { try TrustStore.load(certificates: certificates.path, now: Forge.now) }

    private func code(_ grants: [SiteGrant], lifetime: Duration? = nil) -> DeviceAuthError.Code? {
        do throws(DeviceAuthError) {
            _ = try certificates.issueSite(name, grants: grants, lifetime: lifetime, now: Forge.now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("nothing granted, 65 grants and an impossible life are refused")
    func refused() throws {
        #expect(code([]) == .siteGrantInvalid)
        #expect(code(try (0...64).map { try SiteGrant("ci/tag-\($0)") }) == .siteGrantInvalid)
        #expect(code([try SiteGrant("ci/main")], lifetime: .zero) == .lifetimeInvalid)
        #expect(throws: DeviceAuthError.self) { try SiteName("a/b") }
    }

    @Test("the certificate is accepted as the site's, with what was granted, for two years")
    func issued() throws {
        let grants = try [SiteGrant("ci/main"), SiteGrant("prod/*"), SiteGrant("ci/main")]
        let credentials = try certificates.issueSite(name, grants: grants, now: Forge.now)
        let peer = try store().identify(leaf: leaf(credentials.certificatePEM), now: Forge.now)
        guard case .site(let site) = peer else {
            Issue.record("it is a device's")
            return
        }
        #expect(site.name == name)
        #expect(site.factory == "acme")
        #expect(site.grants.map(\.description) == ["ci/main", "prod/*"])
        #expect(site.serial == credentials.serial.hex)
        #expect(site.notAfter == credentials.notAfter)
        #expect(credentials.notAfter == UTCMoment(Forge.now).seconds + 730 * 86_400)
    }

    @Test("its files are a device's in name and mode, and none is overwritten")
    func files() throws {
        let credentials = try certificates.issueSite(name, grants: [SiteGrant("ci/main")], now: Forge.now)
        try credentials.write(to: directory.file("out"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file("out")).sorted() == SiteCredentials.fileNames)
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.file("out/pkey.pem"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let error = try #require(throws: DeviceAuthError.self) { try credentials.write(to: directory.file("out")) }
        #expect(error.code == .alreadyExists)
    }

    @Test("revoked by its file, the site is out and its neighbour is not")
    func revoked() throws {
        let sites = try ["plant-2", "plant-3"].map { name in
            try certificates.issueSite(SiteName(name), grants: [SiteGrant("ci/main")], now: Forge.now)
        }
        _ = try certificates.revoke(.certificate(Array(sites[0].certificatePEM.utf8)), now: Forge.now)
        let store = try store()
        #expect(try sites.map { store.refusal(try leaf($0.certificatePEM)) } == [.revoked, nil])
    }

    @Test("OpenSSL reads the kind and the grants", .enabled(if: OpenSSL.isAvailable))
    func openSSL() throws {
        // OpenSSL has its own clock.
        let certificates = CertificateDirectory(directory.file("now"))
        try certificates.initialise(factory: FactoryName("acme"), serverNames: [ServerName("a")], now: .now)
        let credentials = try certificates.issueSite(name, grants: [SiteGrant("ci/main"), SiteGrant("prod/*")], now: .now)
        try credentials.write(to: directory.file("out"))
        let text = try OpenSSL.make("x509 -in out/client.pem -noout -text", in: directory)
        for part in [
            "CN = plant-2, OU = acme, businessCategory = site", "URI:otaserve:site:ci/main, URI:otaserve:site:prod/*", "CA:FALSE",
            "TLS Web Client Authentication", "Digital Signature",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        try OpenSSL.make(
            "verify -x509_strict -CAfile now/root.crt -untrusted now/device-ca.crt -purpose sslclient out/client.pem",
            in: directory)
    }
}
