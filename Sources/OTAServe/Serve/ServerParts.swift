import Admin
import Fleet
import Foundation
import Gateway
import Logging
import Messaging
import ServiceLifecycle
import SiteSync
import TUF
import UpdateTree

/// What a running server is made of, and the services that it runs.
struct ServerParts {
    private let assembly: Assembly
    private let configuration: Configuration
    private let secret: KeySecret?
    private let datadir: String
    private let logger: Logger
    private let certificates: CertificateStore
    private let served: ServedUpdates
    private let checks: VerificationSettings
    private let snapWatch: SnapWatch
    private let readiness = Readiness()
    let watch: UpdateWatch

    init(_ assembly: Assembly, _ configuration: Configuration, _ secret: KeySecret?, datadir: String, _ logger: Logger) throws {
        self.assembly = assembly
        self.configuration = configuration
        self.secret = secret
        self.datadir = datadir
        self.logger = logger
        certificates = try CertificateStore(certificates: "\(datadir)/certs", now: Date())
        for warning in certificates.warnings { logger.warning("certificates", metadata: ["warning": "\(warning)"]) }
        served = ServedUpdates(policy: configuration.serve)
        if served.policy == .any {
            logger.warning(
                "serving_unverified",
                metadata: ["remedy": "serve: any; set serve: verified, or check updates before they are put into the tree"])
        }
        checks = VerificationSettings(workers: ProcessInfo.processInfo.activeProcessorCount)
        snapWatch = SnapWatch(library: assembly.library, snaps: assembly.snapCatalogue, settings: checks, logger: logger)
        watch = UpdateWatch(library: assembly.library, served: served, settings: checks, snaps: snapWatch, logger: logger)
    }

    /// - Parameter serials: of devices that are registered for enrolment.
    func services(_ serials: EnrolledSerials) throws -> [any Service] {
        let reporter = try assembly.siteReporter(datadir: datadir)
        let desk = assembly.enrolmentDesk(datadir: datadir, serials: serials)
        let enrolment = try assembly.enrolmentListener(configuration.enrolmentWithBroker, datadir: datadir, desk: desk, logger: logger)
        let site = try SiteSyncService(
            settings: configuration.site, datadir: datadir, library: assembly.library, checks: checks, watch: watch, reporter: reporter,
            audit: assembly.audit, logger: logger)
        let messaging = try MessagingService(
            settings: configuration.messaging, datadir: datadir, snaps: assembly.snaps,
            registry: assembly.registry, serials: serials, logger: logger)
        let always: [any Service] = [
            try gateway(),
            UpdateWatchService(watch: watch),
            SnapWatchService(watch: snapWatch),
            RolloutService(rollouts: assembly.rollouts, logger: logger),
            SnapService(snaps: assembly.snaps, logger: logger),
            HardwareService(library: assembly.library, registry: assembly.registry, logger: logger),
            RefreshService(library: assembly.library, secret: secret, watch: watch, audit: assembly.audit, logger: logger),
        ]
        let configured: [(any Service)?] = [site, enrolment?.server, messaging]
        return try always + listeners(admin(reporter, desk, enrolment)) + configured.compactMap(\.self)
    }

    private func admin(
        _ reporter: SiteReporter?, _ desk: EnrolmentDesk, _ enrolment: EnrolmentListener?
    ) throws -> AdminServices {
        AdminServices(
            registry: assembly.registry, reports: assembly.reports, history: assembly.reports, fleetLog: assembly.reports,
            rollouts: assembly.rollouts, configurations: assembly.configurations, snaps: assembly.snaps,
            library: assembly.library, imports: try imports(), tokens: assembly.tokens,
            sites: assembly.sites, siteReport: reporter?.answer, enrolments: desk, audit: assembly.audit,
            now: Assembly.clock, isReady: { [readiness] in readiness.isReady },
            reload: { [certificates, watch] in
                try certificates.reload(now: Date())
                try enrolment?.reload()
                await watch.look()
            },
            expiries: { [datadir, assembly] in
                try await ExpirySurvey(
                    datadir: datadir, library: assembly.library, tokens: assembly.tokens, devices: { assembly.registry.certificateEnds() }
                ).expiries()
            },
            served: served)
    }

    /// Operators by the network, commands by a socket.
    private func listeners(_ admin: AdminServices) -> [any Service] {
        let socket = RunningServer.socketPath(datadir: datadir)
        return [
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
    }

    private func imports() throws -> ImportServices {
        let library = assembly.library
        let uploads = try Uploads.open(dataDirectory: assembly.data.root, largest: configuration.uploadLimit)
        try uploads.collect(now: Assembly.clock())
        return ImportServices(
            uploads: uploads,
            ingest: { [checks, secret] progress in
                UpdateIngest(
                    library: library, settings: checks,
                    description: MetadataGeneration { channel in library.repository(of: channel, secret: secret) }, progress: progress)
            },
            lookAtUpdates: { [watch] in await watch.look() })
    }

    private func gateway() throws -> GatewayService {
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
}
