import DeviceAuth
import Fleet
import Synchronization

/// Reports of sites, in memory.
final class MemorySites: SiteReportStore {
    private let held = Mutex<[(receipt: SiteReceipt, report: SiteReport)]>([])

    func receipts() throws -> [SiteReceipt] { held.withLock { $0.map(\.receipt) }.sorted { $0.site < $1.site } }
    func receipt(of site: SiteName) throws -> SiteReceipt? { held.withLock { $0.last { $0.receipt.site == site.text } }?.receipt }
    func report(of site: SiteName) throws -> SiteReport? { held.withLock { $0.last { $0.receipt.site == site.text } }?.report }

    func store(_ report: VerifiedSiteReport, receivedAt: Int64, via: SiteReceipt.Way) throws -> SiteReceipt {
        let receipt = SiteReceipt(report, receivedAt: receivedAt, via: via)
        held.withLock { $0.append((receipt, report.report)) }
        return receipt
    }
}
