import DeviceAuth
import Foundation
import Testing
import UpdateTree

@testable import SiteSync

@Suite("whom a bundle is from, and for") struct BundleTrustTests {
    private func sign(_ world: BundleWorld, with signer: DocumentSigner) throws {
        let document = try Data(contentsOf: URL(fileURLWithPath: "\(world.bundle)/bundle.json"))
        try Data(signer.sign(Array(document))).write(to: URL(fileURLWithPath: "\(world.bundle)/bundle.sig"))
        try Data(signer.certificatePEM).write(to: URL(fileURLWithPath: "\(world.bundle)/bundle.crt"))
    }

    @Test("a bundle for another site is refused, and one for any site is not")
    func otherSite() throws {
        let world = try BundleWorld()
        try world.export(site: "plant-2")
        #expect(world.refusal(as: "plant-2") == nil)
        #expect(world.refusal(as: "plant-3") == .forOtherSite)
        #expect(world.refusal(as: nil) == .forOtherSite)
        try world.export(to: .tar(path: world.tar))
        #expect(world.refusal(world.tar, as: "plant-3") == nil)
    }

    @Test("a bundle without a signature, or with one over something else, is refused")
    func unsigned() throws {
        let world = try BundleWorld()
        try world.export()
        let document = URL(fileURLWithPath: "\(world.bundle)/bundle.json")
        let original = try Data(contentsOf: document)
        try (original + Data("\n".utf8)).write(to: document)
        #expect(world.refusal() == .unsigned)
        try original.write(to: document)
        #expect(world.refusal() == nil)
        try world.damage("bundle.sig")
        #expect(world.refusal() == .unsigned)
        try FileManager.default.removeItem(atPath: "\(world.bundle)/bundle.sig")
        #expect(world.refusal() == .incomplete)
    }

    @Test("the certificate of a device or of a site signs no bundle, though it leads to the same root")
    func otherKinds() throws {
        let world = try BundleWorld()
        try world.export()
        let chain = Array(try Data(contentsOf: URL(fileURLWithPath: "\(world.path)/certs/device-ca.crt")))
        let device = try world.certificates.issueDevice(DeviceID("d1"), isProduction: true, now: BundleWorld.date)
        try sign(world, with: DocumentSigner(certificate: Array(device.certificatePEM.utf8) + chain, key: Array(device.privateKeyPEM.utf8)))
        #expect(world.refusal() == .unsigned)
        let site = try world.certificates.issueSite(SiteName("plant-2"), grants: [SiteGrant("ci/*")], now: BundleWorld.date)
        try sign(world, with: DocumentSigner(certificate: Array(site.certificatePEM.utf8) + chain, key: Array(site.privateKeyPEM.utf8)))
        #expect(world.refusal() == .unsigned)
        try sign(world, with: world.signer)
        #expect(world.refusal() == nil)
    }

    @Test("the server of another root signs no bundle for this one")
    func otherRoot() throws {
        let world = try BundleWorld()
        let other = try BundleWorld(updates: [])
        try world.export()
        try sign(world, with: other.signer)
        #expect(world.refusal() == .unsigned)
    }

    @Test("a certificate that has ended signs no bundle")
    func expired() throws {
        let world = try BundleWorld()
        try world.export()
        let bundle = try Bundle.open(path: world.bundle)
        #expect(throws: BundleError.self) { try bundle.signer(by: world.trust, now: BundleWorld.now + 821 * 86_400) }
        #expect(throws: BundleError.self) { try bundle.signer(by: world.trust, now: BundleWorld.now - 86_400) }
        #expect(try bundle.signer(by: world.trust, now: BundleWorld.now) == "ota.example.com")
    }

    @Test("safety does not rest on the signature: a signed bundle with an update of a stranger is refused by the channel's own root")
    func signedByUs() async throws {
        let world = try BundleWorld()
        // Signed by us, but its metadata are those of the other channel.
        try world.ingest("prod/prod/40", into: world.upstream)
        try world.export(["prod/prod/40"])
        let inventory = try world.inventory(of: "prod/prod/40")
        let source = BundleSource(
            key: try world.key("prod/prod/40"), contents: try Bundle.open(path: world.bundle).contents, checkpoint: { _ in })
        let report = try await UpdateTransfer(library: world.site, settings: BundleWorld.settings, parallel: 1)
            .run(world.key("ci/prod/40"), inventory: inventory, from: source, now: .init(seconds: BundleWorld.now))
        #expect(!report.isAccepted)
        #expect(world.siteTree == ["ci", "prod"])
    }
}
