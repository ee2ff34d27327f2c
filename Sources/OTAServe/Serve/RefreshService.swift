import Dispatch
import Fleet
import Logging
import ServiceLifecycle
import TUF
import UpdateTree

/// Renews the metadata that are ours before they end: at start and once an hour.
struct RefreshService: Service {
    static let interval = Duration.seconds(3_600)

    let library: UpdateLibrary
    let secret: KeySecret?
    let watch: UpdateWatch
    let audit: any AuditTrail
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for channel in Channel.allCases { await refresh(channel) }
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    private func refresh(_ channel: Channel) async {
        let refresh = MetadataRefresh(library: library, repository: library.repository(of: channel, secret: secret), channel: channel)
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result { () throws(UpdateTreeError) in
                        try refresh.run(now: MetadataTime(seconds: Assembly.clock()), ifExpiringWithin: Lifetimes.refreshMargin)
                    })
            }
        }
        switch outcome {
        case .success(let renewed):
            for key in renewed {
                logger.notice("metadata_renewed", metadata: ["update": "\(key)"])
                await audit.note(.system, "metadata-renew", key.path, "done", logger)
            }
            if !renewed.isEmpty { await watch.look() }
        case .failure(let error):
            logger.warning("metadata_not_renewed", metadata: ["channel": "\(channel)", "reason": "\(error)"])
        }
    }
}
