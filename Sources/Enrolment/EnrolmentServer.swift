import Fleet
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle

/// The listener on which devices with existing agents get their credentials.
///
/// ```swift
/// let server = EnrolmentServer(
///     settings: settings, certificate: certificate, keys: nil, desk: desk, audit: audit, now: clock, logger: logger,
///     onListening: { print("enrolment: \($0)") })
/// ```
public struct EnrolmentServer: Service {
    private let settings: EnrolmentSettings
    private let certificate: EnrolmentCertificate
    private let keys: EnrolmentKeys?
    private let responder: EnrolmentResponder
    private let logger: Logger
    private let onListening: @Sendable (String) -> Void

    /// - Parameters:
    ///   - keys: whose signatures assertions must have; nil when nobody looks at them.
    ///   - onListening: hears the address once connections are accepted, such as `https://127.0.0.1:8444`.
    public init(
        settings: EnrolmentSettings, certificate: EnrolmentCertificate, keys: EnrolmentKeys?, desk: EnrolmentDesk, audit: any AuditTrail,
        now: @escaping @Sendable () -> Int64, logger: Logger, onListening: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.certificate = certificate
        self.keys = keys
        responder = EnrolmentResponder(desk: desk, settings: settings, keys: keys, audit: audit, now: now)
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until a graceful stop.
    ///
    /// - Throws: ``EnrolmentError/Code/addressUnusable``.
    public func run() async throws {
        let watch = Task { await watchFiles() }
        defer { watch.cancel() }
        do {
            try await application().run()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw EnrolmentError(
                .addressUnusable, "cannot listen on \(settings.host):\(settings.port): \(error); choose another enrolment-address")
        }
    }

    /// A certificate that was renewed is shown within a minute, and a key that was added is trusted.
    private func watchFiles() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(EnrolmentSettings.filesInterval)) } catch { return }
            do throws(EnrolmentError) {
                try certificate.reload()
                try keys?.reload()
            } catch {
                logger.error("enrolment.files-kept", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func application() throws -> some ApplicationProtocol {
        let connections = Shares<String>(most: EnrolmentSettings.connectionsPerAddress)
        return Application(
            router: responder.router(),
            server: try .tls(
                .http1(
                    configuration: .init(
                        additionalChannelHandlers: [
                            EnrolmentDoor(connections: connections, patience: .seconds(Int64(EnrolmentSettings.headPatience)))
                        ],
                        idleTimeout: .seconds(Int64(EnrolmentSettings.idle)))),
                tlsConfiguration: certificate.configuration),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: MaximumAvailableConnections(EnrolmentSettings.mostConnections)),
            onServerRunning: { [settings, onListening] channel in
                let shown = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
                onListening("https://\(shown):\(channel.localAddress?.port ?? settings.port)")
            },
            logger: logger)
    }
}
