import Dispatch
import Fleet
import Logging
import ServiceLifecycle
import TUF
import UpdateTree

/// Renews the metadata that are ours before they end, and warns of those that others have to renew: at start and once an hour.
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
                await warnOfOthers()
                do { try await Task.sleep(for: Self.interval) } catch { return }
            }
        }
    }

    private func refresh(_ channel: Channel) async {
        let refresh = MetadataRefresh(library: library, repository: library.repository(of: channel, secret: secret), channel: channel)
        let outcome = await Self.besides { () throws(UpdateTreeError) in
            try refresh.run(now: MetadataTime(seconds: Assembly.clock()), ifExpiringWithin: Lifetimes.refreshMargin)
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

    /// Metadata that are signed elsewhere, and roots: one line for what ends within the margin, each hour.
    private func warnOfOthers() async {
        let outcome = await Self.besides { [library] () throws(UpdateTreeError) in try library.expiries() }
        switch outcome {
        case .success(let expiries):
            let latest = Assembly.clock() + Lifetimes.refreshMargin.components.seconds
            for expiry in expiries.soonestFirst() where !expiry.renewsItself && expiry.at <= latest {
                logger.warning(
                    "metadata_expires_soon",
                    metadata: [
                        "subject": "\(expiry.subject)", "role": "\(expiry.kind.rawValue)",
                        "expires": "\(MetadataTime(seconds: expiry.at))", "remedy": "\(expiry.remedy)",
                    ])
            }
        case .failure(let error): logger.warning("expiry_not_looked_at", metadata: ["reason": "\(error)"])
        }
    }

    /// Runs work that reads many files off the threads that serve.
    private static func besides<Value: Sendable>(
        _ work: @escaping @Sendable () throws(UpdateTreeError) -> Value
    ) async -> Result<Value, UpdateTreeError> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(returning: Result(catching: work)) }
        }
    }
}
