import DeviceAuth
import Fleet
import Foundation
import OperatorAuth
import Testing
import UpdateTree

@testable import Admin

@Suite("sites as upstream shows them") struct SiteRoutesTests {
    private func report(_ site: String, devices: [String], to fixture: Fixture, now: Int64 = 1_760_000_000) async throws {
        let date = Date(timeIntervalSince1970: TimeInterval(now))
        let folder = "\(fixture.folder)/certs-\(site)"
        let certificates = CertificateDirectory(folder)
        try certificates.initialise(factory: FactoryName("acme"), serverNames: [ServerName("a")], now: date)
        let credentials = try certificates.issueSite(SiteName(site), grants: [SiteGrant("ci/*")], now: date)
        let signer = try DocumentSigner(certificate: Array(credentials.certificatePEM.utf8), key: Array(credentials.privateKeyPEM.utf8))
        let states = try devices.map {
            DeviceState(id: try DeviceID($0), channel: .ci, createdAt: 1, tag: try Tag("main"), updateName: try UpdateName("43"))
        }
        let report = SiteReport(
            site: try SiteName(site), madeAt: now, sequence: now, devices: states.map { SiteReport.Device($0, lastSeen: 7) })
        let document = try report.document()
        let envelope = SiteReportEnvelope(report: document, signature: try signer.sign(document), certificate: signer.certificatePEM)
        let intake = SiteReportIntake(
            store: fixture.sites, audit: nil, trust: { try TrustStore.load(certificates: folder, now: date) }, now: { now })
        try await intake.accept(envelope.encoded(), from: SiteName(site))
    }

    @Test("the list tells each site's devices by update, and as of when")
    func list() async throws {
        let fixture = try Fixture()
        try await report("plant-2", devices: ["d1", "d2"], to: fixture)
        try await report("plant-1", devices: [], to: fixture)
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/sites")
            #expect(answer.list("sites").map { $0["name"] as? String } == ["plant-1", "plant-2"])
            let site = answer.list("sites")[1]
            #expect(site["asOf"] as? String == "2025-10-09T08:53:20Z")
            #expect(site["devices"] as? Int == 2 && site["via"] as? String == "wire")
            #expect((site["updates"] as? [[String: Any]])?.first?["devices"] as? Int == 2)
            #expect(answer.list("sites")[0]["lastSeen"] is NSNull)
            let first = try await ask(.get, "/v1/sites?limit=1")
            let cursor = try #require(first.json["nextCursor"] as? String)
            let second = try await ask(.get, "/v1/sites?limit=1&cursor=\(cursor)")
            #expect(second.list("sites").map { $0["name"] as? String } == ["plant-2"])
            #expect(second.json["nextCursor"] is NSNull)
        }
    }

    @Test("a site's devices come in pages, each once")
    func pages() async throws {
        let fixture = try Fixture()
        let names = (0..<25).map { "d\($0)" }
        try await report("plant-2", devices: names, to: fixture)
        try await fixture.serve { ask async throws in
            var seen: [String] = []
            var query = "?limit=10"
            while true {
                let answer = try await ask(.get, "/v1/sites/plant-2\(query)")
                #expect(answer.json["devices"] as? Int == 25)
                seen += answer.list("devicePage").compactMap { $0["uuid"] as? String }
                guard let cursor = answer.json["nextCursor"] as? String else { break }
                query = "?limit=10&cursor=\(cursor)"
            }
            #expect(seen == names.sorted())
        }
    }

    @Test("a site that never reported is unknown, and a name that is none is refused")
    func unknown() async throws {
        try await Fixture().serve { ask async throws in
            #expect(try await ask(.get, "/v1/sites/plant-9").slug == "site-unknown")
            #expect(try await ask(.get, "/v1/sites/..%2Fx").slug == "site-name-invalid")
            #expect(try await ask(.post, "/v1/site/report").slug == "site-identity-missing")
        }
    }
}
