import DeviceAuth
import FileTree
import Fleet
import Foundation
import Gateway
import Persistence
import SiteSync

/// Both ends of a site's report, put together.
enum SiteReporting {
    /// Upstream's: certificates and revocation lists are read for every report, which come minutes apart.
    static func intake(datadir: String, store: any SiteReportStore, audit: any AuditTrail) -> SiteReportIntake {
        SiteReportIntake(
            store: store, audit: audit, trust: { try TrustStore.load(certificates: "\(datadir)/certs", now: Date()) }, now: Assembly.clock)
    }
}

extension Assembly {
    /// The site's; nil where this installation is no site.
    func siteReporter(datadir: String) throws -> SiteReporter? {
        guard let folder = try? data.root.directory("site"), folder.entry("client.pem") != nil else { return nil }
        let signer = try DocumentSigner.load(certificate: "\(datadir)/site/client.pem", key: "\(datadir)/site/pkey.pem")
        return try SiteReporter(
            folder: folder, signer: signer,
            sources: SiteReportSources(inventories: library.verdicts, directory: registry.directory, rollouts: rolloutFiles, trail: audit))
    }
}

/// What the gateway hands the body of `POST /site/v1/report` to.
struct GatewaySiteReports: SiteReports {
    let intake: SiteReportIntake

    func accept(site: SiteIdentity, body: [UInt8]) async throws {
        do {
            try await intake.accept(body, from: site.name)
        } catch let error as SiteReportError {
            throw FleetError(.reportInvalid, error.description)
        }
    }
}

extension SiteReporter {
    /// For `POST /v1/site/report`.
    var answer: @Sendable () async throws -> [UInt8] { { [self] in try make(now: Assembly.clock()).bytes } }
}
