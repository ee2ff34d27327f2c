import Admin
import Foundation
import ServiceLifecycle

/// Runs one listener of the admin API until the service group stops.
struct AdminService: Service {
    /// How long a graceful stop waits for operators: one that does not read its tail must not keep the server up.
    static let patience = Duration.seconds(5)

    let server: AdminServer
    /// What it listens on, and how to choose another one: for messages.
    let address: String
    let remedy: String

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await server.run()
                } catch {
                    if error is CancellationError { throw error }
                    throw ListenError(message: "cannot listen on \(address): \(error); \(remedy)")
                }
            }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: Self.patience)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// Why operators cannot be served.
struct ListenError: Error, CustomStringConvertible {
    let message: String
    var description: String { "admin-address-unusable: \(message)" }
}
