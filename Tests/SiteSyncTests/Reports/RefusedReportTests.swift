import DeviceAuth
import Fleet
import Foundation
import Testing
import UpdateTree

@testable import SiteSync

@Suite("a report that upstream does not take") struct RefusedReportTests {
    private func report(
        _ world: ReportWorld, site: String = "plant-2", sequence: Int64 = ReportWorld.start, madeAt: Int64 = ReportWorld.start
    ) throws -> SiteReport {
        SiteReport(site: try SiteName(site), madeAt: madeAt, sequence: sequence, devices: [try ReportWorld.device("d1")])
    }

    @Test("a report that came before is refused, and the same one again changes nothing")
    func replayed() async throws {
        let world = try ReportWorld()
        let reporter = try world.reporter(world.signer())
        let first = try reporter.make(now: world.now)
        let second = try reporter.make(now: world.now)
        #expect(second.sequence > first.sequence)
        #expect(await world.refusal(second.bytes) == nil)
        #expect(await world.refusal(second.bytes) == nil)
        #expect(await world.refusal(first.bytes) == .replayed)
        #expect(try world.store.receipt(of: SiteName("plant-2"))?.sequence == second.sequence)
    }

    @Test("another report with the number of the last one is refused")
    func sameNumber() async throws {
        let world = try ReportWorld()
        let signer = try world.signer()
        #expect(await world.refusal(try ReportWorld.forged(report(world).document(), by: signer)) == nil)
        #expect(await world.refusal(try ReportWorld.forged(report(world, madeAt: 7).document(), by: signer)) == .replayed)
    }

    @Test("a report of one site that another one signed is refused")
    func otherKey() async throws {
        let world = try ReportWorld()
        let bytes = try ReportWorld.forged(report(world).document(), by: world.signer("plant-3"))
        #expect(await world.refusal(bytes) == .unsigned)
        #expect(try world.store.receipts().isEmpty)
    }

    @Test("a report that another site brings is refused")
    func otherBringer() async throws {
        let world = try ReportWorld()
        let bytes = try world.reporter(world.signer()).make(now: world.now).bytes
        #expect(await world.refusal(bytes, from: "plant-3") == .unsigned)
        #expect(await world.refusal(bytes, from: "plant-2") == nil)
    }

    @Test("a device's certificate signs no report, and a stranger's none either")
    func noSite() async throws {
        let world = try ReportWorld()
        let device = try world.certificates.issueDevice(DeviceID("plant-2"), isProduction: false, now: ReportWorld.date)
        let signer = try DocumentSigner(certificate: Array(device.certificatePEM.utf8), key: Array(device.privateKeyPEM.utf8))
        #expect(await world.refusal(try ReportWorld.forged(report(world).document(), by: signer)) == .unsigned)
        let stranger = try ReportWorld().signer()
        #expect(await world.refusal(try ReportWorld.forged(report(world).document(), by: stranger)) == .unsigned)
    }

    @Test("a revoked or expired site reports no more")
    func revoked() async throws {
        let world = try ReportWorld()
        let signer = try world.signer(lifetime: .seconds(7200))
        let other = try world.signer()
        let bytes = try world.reporter(signer).make(now: world.now).bytes
        world.pass(7300)
        #expect(await world.refusal(bytes) == .unsigned)
        let mine = try ReportWorld.forged(report(world).document(), by: other)
        let serial = try CertificateSerial(hex: Self.serial(mine, world))
        _ = try world.certificates.revoke(.serial(serial), now: ReportWorld.date)
        #expect(await world.refusal(mine) == .unsigned)
    }

    private static func serial(_ bytes: [UInt8], _ world: ReportWorld) throws -> String {
        try VerifiedSiteReport(
            SiteReportEnvelope(parsing: bytes), from: nil,
            trust: TrustStore.load(certificates: "\(world.path)/certs", now: ReportWorld.date),
            now: ReportWorld.start
        ).identity.serial
    }

    @Test("a signature over another report is refused, however sensible this one is")
    func otherDocument() async throws {
        let world = try ReportWorld()
        let signer = try world.signer()
        let signature = try signer.sign(report(world).document())
        let other = try report(world, madeAt: ReportWorld.start - 1).document()
        let bytes = try SiteReportEnvelope(report: other, signature: signature, certificate: signer.certificatePEM).encoded()
        #expect(await world.refusal(bytes) == .unsigned)
    }

    @Test("a flipped bit in the report, its signature or its certificate is seen")
    func flipped() async throws {
        let world = try ReportWorld()
        let bytes = try world.reporter(world.signer()).make(now: world.now).bytes
        for index in stride(from: 0, to: bytes.count, by: 41) {
            var changed = bytes
            changed[index] ^= 0x01
            let code = await world.refusal(changed)
            // A base64 that is spelled otherwise may hold the same bytes; then it is the same report.
            #expect(code == .unsigned || code == .malformed || code == nil)
            if code == nil { #expect(try SiteReportEnvelope(parsing: changed).report == SiteReportEnvelope(parsing: bytes).report) }
        }
    }

    @Test("a report from the day after tomorrow is refused: nothing could come after it")
    func future() async throws {
        let world = try ReportWorld()
        let signer = try world.signer()
        let days = ReportWorld.start + 2 * 86_400
        #expect(await world.refusal(try ReportWorld.forged(report(world, sequence: days).document(), by: signer)) == .fromFuture)
        #expect(await world.refusal(try ReportWorld.forged(report(world, madeAt: days).document(), by: signer)) == .fromFuture)
        #expect(await world.refusal(try ReportWorld.forged(report(world, sequence: 0).document(), by: signer)) == .malformed)
    }

    @Test("what is beyond the bounds is refused")
    func bounds() async throws {
        let world = try ReportWorld()
        let signer = try world.signer()
        #expect(throws: SiteReportError.self) {
            try SiteReportEnvelope(parsing: [UInt8](repeating: 0x20, count: SiteReportEnvelope.largest + 1))
        }
        let many = try (0...SiteReport.mostDevices).map { try ReportWorld.device("d\($0)") }
        let document = try SiteReport(site: SiteName("plant-2"), madeAt: 1, sequence: 1, devices: many).document()
        #expect(await world.refusal(try ReportWorld.forged(document, by: signer)) == .tooLarge)
    }

    @Test(
        "a report that makes no sense is refused",
        arguments: [
            "", "{}", "[]", "{\"format\":\"otaserve-site-report/2\"}",
            "DEVICE TWICE", "EVENT WITH LINES", "DEVICE WITH SPACES",
        ])
    func malformed(what: String) async throws {
        let world = try ReportWorld()
        let device = try ReportWorld.device("d1")
        let site = try SiteName("plant-2")
        let document: [UInt8] =
            switch what {
            case "DEVICE TWICE": try SiteReport(site: site, madeAt: 1, sequence: 1, devices: [device, device]).document()
            case "EVENT WITH LINES":
                try SiteReport(site: site, madeAt: 1, sequence: 1, events: [.init(rollout: RolloutID("r1"), next: 9, line: "a\nb")])
                    .document()
            case "DEVICE WITH SPACES":
                Array(
                    String(decoding: try SiteReport(site: site, madeAt: 1, sequence: 1, devices: [device]).document(), as: UTF8.self)
                        .replacing("intel-43", with: "intel 43").utf8)
            default: Array(what.utf8)
            }
        #expect(await world.refusal(try ReportWorld.forged(document, by: world.signer())) == .malformed)
        #expect(await world.refusal(document) == .malformed)
    }
}
