import DeviceAuth
import Foundation
import Logging
import NIOPosix
import Testing

@testable import Gateway

@Suite("The session of a site")
struct SiteSessionTests {
    let world: GatewayWorld
    let loop: LoopContext
    let leaf: [UInt8]
    let credentials: SiteCredentials

    init() throws {
        world = try GatewayWorld()
        credentials = try world.pki.issueSite(SiteName("plant-2"), grants: [SiteGrant("ci/main")], now: .now)
        leaf = try #require(
            Data(base64Encoded: credentials.certificatePEM.split(separator: "\n").dropFirst().dropLast().joined()).map(Array.init))
        loop = LoopContext(
            loop: MultiThreadedEventLoopGroup.singleton.any(), services: world.services, limits: GatewayLimits(),
            certificates: world.certificates, pool: .singleton, logger: Logger(label: "test"))
    }

    private func session() throws -> SiteSession {
        guard case .site(let site) = try loop.identify(leaf).get() else { throw CertificateRefusal(.malformed, "no site") }
        return SiteSession(leaf: leaf, identity: site, trustGeneration: loop.trustGeneration)
    }

    private func slug(_ session: SiteSession) -> String? {
        do throws(Problem) {
            _ = try session.stand(in: loop)
            return nil
        } catch {
            return error.slug
        }
    }

    @Test("A site that is revoked while it is connected is refused at its next request")
    func revoked() throws {
        let session = try session()
        #expect(slug(session) == nil)
        _ = try world.pki.revoke(.certificate(Array(credentials.certificatePEM.utf8)), now: .now)
        #expect(slug(session) == nil)
        try world.certificates.reload(now: .now)
        #expect(slug(session) == "certificate-revoked")
    }

    @Test("A reload that changes nothing for the site lets it go on")
    func reloaded() throws {
        let session = try session()
        try world.certificates.reload(now: .now)
        #expect(try session.stand(in: loop).grants == credentials.grants)
    }

    @Test("A certificate that ends while the site is connected ends its requests")
    func expired() throws {
        let session = try session()
        world.setClock(ahead: 800 * 86_400)
        #expect(slug(session) == "certificate-expired")
    }

    @Test("A session of a device takes no site")
    func notADevice() throws {
        let site = loop.identify(leaf).flatMap(DeviceSession.device)
        #expect(throws: CertificateRefusal.self) { try site.get() }
        // As when a resumed session was refused first and the trust was mended since.
        try world.certificates.reload(now: .now)
        let session = DeviceSession(leaf: leaf, identity: .failure(CertificateRefusal(.revoked, "x")), trustGeneration: 0)
        guard case .refused(let problem) = session.stand(in: loop) else {
            Issue.record("the site passes for a device")
            return
        }
        #expect(problem.slug == "certificate-identity-invalid")
    }
}
