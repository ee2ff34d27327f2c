import ArgumentParser
import NIOCore
import NIOSSL

/// `events`: `POST /events` with one fresh event each.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "events", abstract: "POST /events, one fresh event each.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var identity: IdentityOptions

    @Option(help: "Number of connections.")
    var connections = 1

    @Option(help: "Number of events.")
    var count: Int

    @Option(help: "Seconds after which no further event is sent.")
    var seconds: Double?

    @Option(help: "The targetName in the events.")
    var targetName = "bench"

    func validate() throws {
        guard connections > 0, count > 0 else { throw ValidationError("Connections and count are at least 1.") }
    }

    func run() async throws {
        let roots = try NIOSSLCertificate.fromPEMFile(server.trustRoot)
        let contexts = try identity.load().map { try $0.context(trusting: roots, version: .http1) }
        let load = try await KeepAliveLoad.open(connections, threads: 1, connector: server.connector(.http1), contexts: contexts)
        let timeout = TimeAmount.seconds(server.timeout)
        let source: @Sendable (Int) -> any RequestSource = { [authority = server.authority, targetName] _ in
            DeviceEvents(authority: authority, targetName: targetName)
        }
        let warmUp = LoadLimits(count: connections, duration: nil, timeout: timeout)
        _ = try await load.run(limits: warmUp, expectedStatus: 200, source: source)

        let limits = LoadLimits(count: count, duration: seconds.map { .nanoseconds(Int64($0 * 1e9)) }, timeout: timeout)
        var measured = try Measurement.begin(watching: server.watch)
        let tally = try await load.run(limits: limits, expectedStatus: 200, source: source)
        try measured.end()
        try JSONLine.write(LoadReport(command: "events", connections: connections, tally: tally, measured: measured))
        try await load.close()
    }
}
