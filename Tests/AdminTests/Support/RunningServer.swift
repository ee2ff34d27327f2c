import Logging
import ServiceLifecycle

@testable import Admin

/// Runs a real server for the time of `body`, then stops it gracefully.
func withServer(
    _ fixture: Fixture, _ listener: AdminServer.Listener = .tcp(host: "127.0.0.1", port: 0),
    _ body: @Sendable (_ address: String, _ stop: @escaping @Sendable () async -> Void) async throws -> Void
) async throws {
    let (addresses, tell) = AsyncStream.makeStream(of: String.self)
    let server = AdminServer(
        services: fixture.services(), listener: listener, logger: fixture.log.logger, onListening: { tell.yield($0) })
    let group = ServiceGroup(
        configuration: .init(services: [.init(service: server, successTerminationBehavior: .ignore)], logger: fixture.log.logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { tell.finish() }
            try await group.run()
        }
        var address: String?
        for await told in addresses {
            address = told
            break
        }
        if let address {
            do {
                try await body(address) { await group.triggerGracefulShutdown() }
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
        }
        try await tasks.waitForAll()
    }
}
