import ArgumentParser
import NIOCore
import NIOSSL

/// `requests`: many requests over a number of kept connections.
struct RequestsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "requests", abstract: "Many requests over kept connections.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var request: RequestOptions

    @Option(name: .customLong("protocol"), help: "h1 or h2.")
    var version = HTTPVersion.http1

    @Option(help: "Number of connections.")
    var connections = 64

    @Option(help: "Streams per connection under way at the same time (h2).")
    var streams = 1

    @Option(help: "Number of requests.")
    var count: Int?

    @Option(help: "Seconds after which no further request is sent.")
    var seconds: Double?

    @Option(help: "Requests per connection before the clock runs.")
    var warmUp = 2

    @Option(help: "Threads of the load generator.")
    var threads = 1

    func validate() throws {
        guard count != nil || seconds != nil else { throw ValidationError("Give --count or --seconds.") }
        guard connections > 0, streams > 0, warmUp >= 0, (1...64).contains(threads), count ?? 1 > 0 else {
            throw ValidationError("Connections, streams, threads and count are at least 1.")
        }
        guard version == .http2 || streams == 1 else { throw ValidationError("--streams needs --protocol h2.") }
    }

    func run() async throws {
        let requests = try request.requests(authority: server.authority)
        let roots = try NIOSSLCertificate.fromPEMFile(server.trustRoot)
        let contexts = try identity.load().map { try $0.context(trusting: roots, version: version) }
        let load = try await KeepAliveLoad.open(
            connections,
            threads: threads,
            connector: server.connector(version, streams: streams),
            contexts: contexts
        )
        let timeout = TimeAmount.seconds(server.timeout)
        if warmUp > 0 {
            let limits = LoadLimits(count: warmUp * connections * streams, duration: nil, timeout: timeout)
            _ = try await load.run(requests, limits: limits, expectedStatus: request.expectStatus)
        }
        let duration = seconds.map { TimeAmount.nanoseconds(Int64($0 * 1e9)) }
        let limits = LoadLimits(count: count ?? Int(Int32.max), duration: duration, timeout: timeout)
        var measured = try Measurement.begin(watching: server.watch)
        let tally = try await load.run(requests, limits: limits, expectedStatus: request.expectStatus)
        try measured.end()
        try JSONLine.write(LoadReport(command: "requests", connections: connections, tally: tally, measured: measured))
        try await load.close()
    }
}
