import DeviceAuth
import FileTree
import Fleet
import Foundation
import Synchronization
import UpdateTree

@testable import Persistence
@testable import SiteSync

/// A site that reports, and an upstream that takes its reports.
final class ReportWorld: Sendable {
    let path: String
    let upstream: Directory
    let certificates: CertificateDirectory
    let store: SiteReportFiles
    let audit: AuditFiles
    let devices = Mutex<[SiteReport.Device]>([])
    /// Of one rollout, `r1`.
    let events = Mutex<[String]>([])
    let clock: Mutex<Int64> = Mutex(ReportWorld.start)

    static let start: Int64 = 1_760_000_000
    static let grants = ["ci/main"]

    init(step: @escaping @Sendable (SiteReportFiles.Step) throws -> Void = { _ in }) throws {
        path = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()) + "/otaserve-" + UUID().uuidString
        upstream = try Directory.make(path: path)
        certificates = CertificateDirectory("\(path)/certs")
        try certificates.initialise(factory: FactoryName("acme"), serverNames: [ServerName("a")], now: Self.date)
        store = try SiteReportFiles(dataDirectory: upstream, step: step)
        audit = try AuditFiles(dataDirectory: upstream)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static var date: Date { Date(timeIntervalSince1970: TimeInterval(start)) }

    var now: Int64 { clock.withLock { $0 } }
    func pass(_ seconds: Int64) { clock.withLock { $0 += seconds } }

    func signer(_ name: String = "plant-2", grants: [String] = grants, lifetime: Duration? = nil) throws -> DocumentSigner {
        let site = try certificates.issueSite(SiteName(name), grants: grants.map { try SiteGrant($0) }, lifetime: lifetime, now: Self.date)
        return try DocumentSigner(certificate: Array(site.certificatePEM.utf8), key: Array(site.privateKeyPEM.utf8))
    }

    func reporter(_ signer: DocumentSigner) throws -> SiteReporter {
        let folder = try upstream.makeDirectory("at-the-site")
        return try SiteReporter(folder: folder, signer: signer, sources: sources)
    }

    private var sources: SiteReportSources {
        SiteReportSources(
            updates: { [] }, devices: { [self] in devices.withLock { $0 } }, rollouts: { [try RolloutID("r1")] },
            lines: { [self] _, offset in
                var end: Int64 = 0
                return events.withLock { $0 }.compactMap { line in
                    end += Int64(line.utf8.count + 1)
                    return end > offset ? (line, end) : nil
                }
            },
            audit: { [audit] in try audit.lines(from: $0, most: 1000, bytes: 1 << 20) })
    }

    var intake: SiteReportIntake {
        let folder = "\(path)/certs"
        return SiteReportIntake(
            store: store, audit: nil,
            trust: { [self] in
                try TrustStore.load(certificates: folder, now: Date(timeIntervalSince1970: TimeInterval(now)))
            }, now: { [self] in now })
    }

    /// The slug with which a report is refused; nil when it is taken.
    func refusal(_ bytes: [UInt8], from site: String? = nil) async -> SiteReportError.Code? {
        do {
            try await intake.accept(bytes, from: site.map { try SiteName($0) })
            return nil
        } catch {
            return (error as? SiteReportError)?.code
        }
    }

    /// A report that says what it likes, signed all the same.
    static func forged(_ document: [UInt8], by signer: DocumentSigner) throws -> [UInt8] {
        try SiteReportEnvelope(report: document, signature: signer.sign(document), certificate: signer.certificatePEM).encoded()
    }

    static func device(_ name: String, tag: String? = "main", isProd: Bool = false, update: String? = "43", seen: Int64 = 5) throws
        -> SiteReport.Device
    {
        let state = DeviceState(
            id: try DeviceID(name), channel: Channel(isProduction: isProd), createdAt: 1, tag: try tag.map { try Tag($0) },
            updateName: try update.map { try UpdateName($0) }, targetName: "intel-43")
        return SiteReport.Device(state, lastSeen: seen)
    }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(path)/sites/plant-2/\(name)") ?? Data(), as: UTF8.self)
    }
}
