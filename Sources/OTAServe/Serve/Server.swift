import Fleet
import Foundation
import Logging
import Messaging
import ServiceLifecycle
import TUF

/// The assembled server: gateway, admin API and the socket for commands, until a signal ends it gracefully.
struct Server {
    let datadir: String
    let configuration: Configuration

    func run() async throws {
        MemorySettings.keepBuffers()
        raiseFileLimit()
        var logger = Logger(label: "otaserve") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let secret = try KeySecrets.load(datadir: datadir, environment: ProcessInfo.processInfo.environment)
        let assembly = try await open(secret, logger)
        // The lock of the data directory is held as long as anything of the server runs.
        defer { withExtendedLifetime(assembly) {} }
        let parts = try ServerParts(assembly, configuration, secret, datadir: datadir, logger)
        await parts.watch.look()
        let serials = EnrolledSerials(try await EnrolledSerials.read(assembly.enrolments))
        let services = try parts.services(serials)
        try await assembly.stopMark.set(isStopped: false)
        try await ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
        await end(assembly, logger)
    }

    private func open(_ secret: KeySecret?, _ logger: Logger) async throws -> Assembly {
        try await Assembly.open(
            datadir: datadir, registration: configuration.registration, tellRate: configuration.tellRate
        ) { library, key in
            try OlderUpdate(library: library, secret: secret, logger: logger).prepare(key)
        }
    }

    private func end(_ assembly: Assembly, _ logger: Logger) async {
        do {
            try await assembly.reports.settle()
            if assembly.registry.hasSavedAll { try await assembly.stopMark.set(isStopped: true) }
        } catch {
            // Nothing is lost: the next start does again what the journal holds.
            logger.warning("journal_kept", metadata: ["reason": "\(error)"])
        }
        logger.notice("stopped")
    }

    /// Every connection is a descriptor: take as many as the system grants.
    private func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
