import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The operator's side: the API of `openapi.yaml` on one listener.
///
/// ```swift
/// let server = AdminServer(
///     services: services, listener: .tcp(host: "127.0.0.1", port: 8080), logger: logger,
///     onListening: { print("admin: \($0)") })
/// ```
public struct AdminServer: Service {
    public enum Listener: Sendable {
        /// Every request needs a bearer token.
        case tcp(host: String, port: Int)
        /// The file's mode is the authorisation: who can open it may do everything.
        case unixSocket(path: String)
    }

    private let services: AdminServices
    private let listener: Listener
    private let logger: Logger
    private let onListening: @Sendable (String) -> Void

    /// - Parameter onListening: hears the address once connections are accepted, such as `http://127.0.0.1:8080` or
    ///   `unix:/run/otaserve/admin.sock`.
    public init(
        services: AdminServices, listener: Listener, logger: Logger, onListening: @escaping @Sendable (String) -> Void
    ) {
        self.services = services
        self.listener = listener
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until a graceful stop; then requests in progress are answered and tails end.
    public func run() async throws {
        let (rollouts, fleet) = (services.rollouts.board.feed, services.fleetLog.feed)
        try await withGracefulShutdownHandler {
            switch listener {
            case .tcp(let host, let port): try await serve(host: host, port: port)
            case .unixSocket(let path): try await serve(socket: UnixSocketPlace(path: path))
            }
        } onGracefulShutdown: {
            rollouts.finish()
            fleet.finish()
        }
    }

    private func serve(host: String, port: Int) async throws {
        let access = AccessControl.tokens(services.tokens, now: services.now)
        try await application(access, at: .hostname(host, port: port)) { [onListening] channel in
            let shown = host.contains(":") ? "[\(host)]" : host
            onListening("http://\(shown):\(channel.localAddress?.port ?? port)")
        }.run()
    }

    private func serve(socket: UnixSocketPlace) async throws {
        let address = try socket.prepare()
        defer { socket.remove() }
        try await application(.everything, at: .unixDomainSocket(path: address)) { [onListening, logger] _ in
            do {
                try socket.publish()
                onListening("unix:\(socket.path)")
            } catch {
                logger.error("admin.socket-failed", metadata: ["path": "\(socket.path)", "error": "\(error)"])
            }
        }.run()
    }

    private func application(
        _ access: AccessControl, at address: BindAddress,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: AdminRouter(services: services, access: access).build(),
            server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(address: address),
            onServerRunning: onRunning,
            logger: logger)
    }
}
