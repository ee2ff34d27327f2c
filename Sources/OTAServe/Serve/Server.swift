import Admin
import Fleet
import Foundation
import Gateway
import Logging
import ServiceLifecycle

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
        let assembly = try await Assembly.open(datadir: datadir, registration: configuration.registration)
        let certificates = try CertificateStore(certificates: "\(datadir)/certs", now: Date())
        // The lock of the data directory is held as long as anything of the server runs.
        defer { withExtendedLifetime(assembly) {} }
        for warning in certificates.warnings { logger.warning("certificates", metadata: ["warning": "\(warning)"]) }
        logger.warning("serving_unverified", metadata: ["remedy": "serve: any; check updates before they are put into the tree"])

        let readiness = Readiness()
        let admin = AdminServices(
            registry: assembly.registry, reports: assembly.reports, rollouts: assembly.rollouts,
            catalogue: assembly.catalogue, tokens: assembly.tokens, now: Assembly.clock,
            isReady: { readiness.isReady }, reload: { try certificates.reload(now: Date()) }, servesUnverified: true)
        let socket = RunningServer.socketPath(datadir: datadir)
        let services: [any Service] = [
            try gateway(assembly, certificates, readiness, logger),
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
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
        do {
            try await assembly.reports.settle()
        } catch {
            // Nothing is lost: the next start does again what the journal holds.
            logger.warning("journal_kept", metadata: ["reason": "\(error)"])
        }
        logger.notice("stopped")
    }

    private func gateway(
        _ assembly: Assembly, _ certificates: CertificateStore, _ readiness: Readiness, _ logger: Logger
    ) throws -> GatewayService {
        let intake = ReportIntake(store: assembly.reports, rollouts: assembly.rollouts)
        let services = GatewayServices(
            registry: assembly.registry, intake: intake, board: assembly.rollouts.board,
            updates: assembly.catalogue.root, registryTokens: try RegistryTokens.load(dataDirectory: assembly.data.root),
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
