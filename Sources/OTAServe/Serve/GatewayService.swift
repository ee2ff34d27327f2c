import Foundation
import Gateway
import ServiceLifecycle
import Synchronization

/// Runs the gateway until the service group stops.
struct GatewayService: Service {
    let server: GatewayServer
    let address: ListenAddress
    let readiness: Readiness

    func run() async throws {
        try await server.run(
            host: address.host, port: address.port,
            onListening: { bound in
                print("gateway: https://\(bound)")
                fflush(nil)  // Whoever started us with a pipe waits for this line.
                readiness.isReady = true
            },
            until: {
                try? await gracefulShutdown()
                readiness.isReady = false
            })
    }
}

/// Whether devices are being served.
final class Readiness: Sendable {
    private let ready = Atomic(false)

    var isReady: Bool {
        get { ready.load(ordering: .relaxed) }
        set { ready.store(newValue, ordering: .relaxed) }
    }
}
