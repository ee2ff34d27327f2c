import Fleet
import Logging
import ServiceLifecycle
import SiteSync
import TUF
import UpdateTree

/// Syncs with the upstream again and again while the server runs. Whatever fails, what is here is served.
struct SiteSyncService: Service {
    let library: UpdateLibrary
    let upstream: UpstreamAddress
    let credentials: String
    let settings: SiteSettings
    let checks: VerificationSettings
    let watch: UpdateWatch
    /// Nil where the site's own credentials are not in site/: then there is nobody to sign a report.
    let reporter: SiteReporter?
    let audit: any AuditTrail
    let logger: Logger

    /// Nil when the configuration makes this no site that syncs by itself.
    init?(
        settings: SiteSettings, datadir: String, library: UpdateLibrary, checks: VerificationSettings, watch: UpdateWatch,
        reporter: SiteReporter?, audit: any AuditTrail, logger: Logger
    ) throws {
        guard settings.interval != nil else { return nil }
        guard let upstream = settings.upstream, let credentials = settings.credentialsPath(datadir: datadir) else {
            throw ConfigurationError(
                slug: "config-incomplete", message: "sync-interval needs upstream and upstream-credentials; set them or remove it")
        }
        self.library = library
        self.upstream = upstream
        self.credentials = credentials
        self.settings = settings
        self.checks = checks
        self.watch = watch
        self.logger = logger
        self.reporter = reporter
        self.audit = audit
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Sites that were switched on together must not ask together.
            var schedule = SyncSchedule(every: .seconds(settings.interval ?? 3_600), seed: UInt64.random(in: .min ... .max))
            var pause = schedule.first()
            while !Task.isCancelled {
                do { try await Task.sleep(for: pause) } catch { return }
                await sync()
                pause = schedule.next()
            }
        }
    }

    /// The updates are here either way; what could not be told now is told the next time.
    private func report(to client: SiteClient) async {
        guard let reporter else { return }
        do {
            let signed = try reporter.make(now: Assembly.clock())
            try await client.send(report: signed.bytes)
            try reporter.acknowledge(signed.sequence)
        } catch {
            logger.warning("site_report_not_sent", metadata: ["reason": "\(error)"])
        }
    }

    private func sync() async {
        do {
            let limit = try settings.rate.map { try RateLimit(bytesPerSecond: $0) }
            // Each time anew: the certificate may have been renewed.
            let client = try SiteClient(upstream, credentials: credentials, rate: limit)
            let outcome: Result<SyncReport, any Error>
            do {
                let sync = SiteSync(library: library, client: client, settings: checks, logger: logger)
                outcome = .success(try await sync.run(SiteSelection(settings.tags)) { MetadataTime(seconds: Assembly.clock()) })
            } catch { outcome = .failure(error) }
            if case .success = outcome { await report(to: client) }
            await client.close()
            let report = try outcome.get()
            logger.notice(
                "site_synced",
                metadata: [
                    "fetched": "\(report.count(.fetched))", "unchanged": "\(report.count(.unchanged))",
                    "failed": "\(report.count(.failed))", "refused": "\(report.count(.refused))", "bytes": "\(report.bytesFetched)",
                ])
            if report.count(.fetched) > 0 {
                await audit.note(.system, "site-sync", "\(upstream)", "fetched \(report.count(.fetched))", logger)
                await watch.look()
            }
        } catch {
            if error is CancellationError { return }
            logger.warning("site_not_synced", metadata: ["reason": "\(error)"])
        }
    }
}
