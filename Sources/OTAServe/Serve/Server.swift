import Admin
import Fleet
import Foundation
import Gateway
import Logging
import ServiceLifecycle
import TUF
import UpdateTree

/// The assembled server: gateway, admin API and the socket for commands, until a signal ends it gracefully.
struct Server {
    let datadir: String
    let configuration: Configuration

    func run() async throws {
        MemorySettings.keepBuffers()
        raiseFileLimit()
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        var logger = Logger(label: "otaserve") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        let secret = try KeySecrets.load(datadir: datadir, environment: ProcessInfo.processInfo.environment)
        let assembly = try await Assembly.open(
            datadir: datadir, registration: configuration.registration, tellRate: configuration.tellRate
        ) { [logger] library, key in
            try OlderUpdate(library: library, secret: secret, logger: logger).prepare(key)
        }
        let certificates = try CertificateStore(certificates: "\(datadir)/certs", now: Date())
        // The lock of the data directory is held as long as anything of the server runs.
        defer { withExtendedLifetime(assembly) {} }
        for warning in certificates.warnings { logger.warning("certificates", metadata: ["warning": "\(warning)"]) }
        let served = ServedUpdates(policy: configuration.serve)
        if served.policy == .any {
            logger.warning(
                "serving_unverified",
                metadata: ["remedy": "serve: any; set serve: verified, or check updates before they are put into the tree"])
        }
        let settings = VerificationSettings(workers: ProcessInfo.processInfo.activeProcessorCount)
        let snapWatch = SnapWatch(library: assembly.library, snaps: assembly.snapCatalogue, settings: settings, logger: logger)
        let watch = UpdateWatch(library: assembly.library, served: served, settings: settings, snaps: snapWatch, logger: logger)
        await watch.look()

        let readiness = Readiness()
        let reporter = try assembly.siteReporter(datadir: datadir)
        let desk = assembly.enrolmentDesk(datadir: datadir)
        let enrolment = try assembly.enrolmentListener(configuration.enrolmentWithBroker, datadir: datadir, desk: desk, logger: logger)
        let admin = AdminServices(
            registry: assembly.registry, reports: assembly.reports, history: assembly.reports, fleetLog: assembly.reports,
            rollouts: assembly.rollouts, configurations: assembly.configurations, snaps: assembly.snaps,
            library: assembly.library, imports: try imports(assembly, settings, secret, watch), tokens: assembly.tokens,
            sites: assembly.sites, siteReport: reporter?.answer, enrolments: desk, audit: assembly.audit,
            now: Assembly.clock, isReady: { readiness.isReady },
            reload: {
                try certificates.reload(now: Date())
                try enrolment?.reload()
                await watch.look()
            },
            expiries: { [datadir] in
                try await ExpirySurvey(
                    datadir: datadir, library: assembly.library, tokens: assembly.tokens, devices: { assembly.registry.certificateEnds() }
                ).expiries()
            },
            served: served)
        let socket = RunningServer.socketPath(datadir: datadir)
        var services: [any Service] = [
            try gateway(assembly, certificates, served, readiness, logger),
            UpdateWatchService(watch: watch),
            SnapWatchService(watch: snapWatch),
            RolloutService(rollouts: assembly.rollouts, logger: logger),
            SnapService(snaps: assembly.snaps, logger: logger),
            HardwareService(library: assembly.library, registry: assembly.registry, logger: logger),
            RefreshService(library: assembly.library, secret: secret, watch: watch, audit: assembly.audit, logger: logger),
            AdminService(
                server: AdminServer(
                    services: admin,
                    listener: .tcp(host: configuration.adminAddress.host, port: configuration.adminAddress.port), logger: logger,
                    onListening: { address in
                        print("admin: \(address)")
                        fflush(nil)
                    }),
                address: "\(configuration.adminAddress)", remedy: "choose another --admin-address"),
            AdminService(
                server: AdminServer(services: admin, listener: .unixSocket(path: socket), logger: logger, onListening: { _ in }),
                address: socket, remedy: "use a data directory with a shorter path that this user may write to"),
        ]
        if let site = try SiteSyncService(
            settings: configuration.site, datadir: datadir, library: assembly.library, checks: settings, watch: watch, reporter: reporter,
            audit: assembly.audit, logger: logger)
        {
            services.append(site)
        }
        if let enrolment { services.append(enrolment.server) }
        if let messaging = try MessagingService(
            settings: configuration.messaging, datadir: datadir, exchange: assembly.snaps.exchange(over: .mqtt),
            registry: assembly.registry, logger: logger)
        {
            services.append(messaging)
        }
        try await assembly.stopMark.set(isStopped: false)
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
        do {
            try await assembly.reports.settle()
            if assembly.registry.hasSavedAll { try await assembly.stopMark.set(isStopped: true) }
        } catch {
            // Nothing is lost: the next start does again what the journal holds.
            logger.warning("journal_kept", metadata: ["reason": "\(error)"])
        }
        logger.notice("stopped")
    }

    private func imports(
        _ assembly: Assembly, _ settings: VerificationSettings, _ secret: KeySecret?, _ watch: UpdateWatch
    ) throws -> ImportServices {
        let library = assembly.library
        let uploads = try Uploads.open(dataDirectory: assembly.data.root, largest: configuration.uploadLimit)
        try uploads.collect(now: Assembly.clock())
        return ImportServices(
            uploads: uploads,
            ingest: { progress in
                UpdateIngest(
                    library: library, settings: settings,
                    description: MetadataGeneration { channel in library.repository(of: channel, secret: secret) }, progress: progress)
            },
            lookAtUpdates: { await watch.look() })
    }

    private func gateway(
        _ assembly: Assembly, _ certificates: CertificateStore, _ served: ServedUpdates, _ readiness: Readiness, _ logger: Logger
    ) throws -> GatewayService {
        let intake = ReportIntake(store: assembly.reports, registry: assembly.registry, rollouts: assembly.rollouts)
        let services = GatewayServices(
            registry: assembly.registry, intake: intake, board: assembly.rollouts.board,
            configurations: assembly.configurations, snaps: assembly.snaps.exchange(over: .https),
            updates: assembly.library.catalogue.root, served: served, snapCatalogue: assembly.snapCatalogue,
            registryTokens: try RegistryTokens.load(dataDirectory: assembly.data.root), inventories: assembly.library.verdicts,
            siteReports: GatewaySiteReports(
                intake: SiteReporting.intake(datadir: datadir, store: assembly.sites, audit: assembly.audit)),
            now: Assembly.clock)
        return GatewayService(
            server: GatewayServer(
                services: services, limits: GatewayLimits(), certificates: certificates,
                certificateFolder: "\(datadir)/certs", logger: logger),
            address: configuration.gatewayAddress, readiness: readiness)
    }

    /// Every connection is a descriptor: take as many as the system grants.
    private func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
