import DeviceAuth
import Fleet
import Gateway
import Synchronization

/// Keeps reports of sites, or refuses them.
final class MemorySiteReports: SiteReports {
    private let kept = Mutex<[(site: SiteIdentity, body: [UInt8])]>([])
    private let error: FleetError?

    init(error: FleetError? = nil) { self.error = error }

    var all: [(site: SiteIdentity, body: [UInt8])] { kept.withLock { $0 } }

    func accept(site: SiteIdentity, body: [UInt8]) async throws {
        if let error { throw error }
        kept.withLock { $0.append((site, body)) }
    }
}
