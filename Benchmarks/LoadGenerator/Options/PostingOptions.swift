import ArgumentParser
import NIOCore
import NIOSSL

/// What the commands that only post have in common, and how they run.
struct PostingOptions: ParsableArguments {
    @OptionGroup var server: ServerOptions
    @OptionGroup var identity: IdentityOptions

    @Option(help: "Number of connections.")
    var connections = 1

    @Option(help: "Number of requests.")
    var count: Int

    @Option(help: "Seconds after which no further request is sent.")
    var seconds: Double?

    func validate() throws {
        guard connections > 0, count > 0 else { throw ValidationError("Connections and count are at least 1.") }
    }

    /// - Parameter source: what one connection sends.
    func run(_ command: String, source: @escaping @Sendable (Int) -> any RequestSource) async throws {
        let roots = try NIOSSLCertificate.fromPEMFile(server.trustRoot)
        let contexts = try identity.load().map { try $0.context(trusting: roots, version: .http1) }
        let load = try await KeepAliveLoad.open(connections, threads: 1, connector: server.connector(.http1), contexts: contexts)
        let timeout = TimeAmount.seconds(server.timeout)
        let warmUp = LoadLimits(count: connections, duration: nil, timeout: timeout)
        _ = try await load.run(limits: warmUp, expectedStatus: 200, source: source)

        let limits = LoadLimits(count: count, duration: seconds.map { .nanoseconds(Int64($0 * 1e9)) }, timeout: timeout)
        var measured = try Measurement.begin(watching: server.watch)
        let tally = try await load.run(limits: limits, expectedStatus: 200, source: source)
        try measured.end()
        try JSONLine.write(LoadReport(command: command, connections: connections, tally: tally, measured: measured))
        try await load.close()
    }
}
