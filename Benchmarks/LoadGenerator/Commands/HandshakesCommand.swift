import ArgumentParser
import NIOCore
import NIOPosix
import NIOSSL

/// `handshakes`: a full mutual-TLS handshake and one request per connection.
///
/// Resumed handshakes are not here: NIOSSL keeps no session on the client's side. `Benchmarks/resumed-handshakes` does those.
struct HandshakesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshakes",
        abstract: "A full handshake and one request per connection."
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var request: RequestOptions

    @Option(name: .customLong("protocol"), help: "h1 or h2.")
    var version = HTTPVersion.http1

    @Option(help: "Number of handshakes.")
    var count: Int

    @Option(help: "Connections under way at the same time.")
    var concurrency = 8

    func validate() throws {
        guard count > 0, concurrency > 0 else { throw ValidationError("Count and concurrency are at least 1.") }
    }

    func run() async throws {
        try OpenFileLimit.raise(forConnections: concurrency)
        let closing = version == .http1 ? [(name: "Connection", value: "close")] : []
        let requests = try request.requests(authority: server.authority, extraHeaders: closing)
        let roots = try NIOSSLCertificate.fromPEMFile(server.trustRoot)
        let contexts = try identity.load().map { try $0.context(trusting: roots, version: version) }
        let run = FreshConnectionsRun(
            connector: try server.connector(version),
            contexts: contexts,
            request: requests[0],
            limits: LoadLimits(count: count, duration: nil, timeout: .seconds(server.timeout)),
            expectedStatus: request.expectStatus,
            concurrency: concurrency
        )
        let (tally, measured) = try await run.measure(watching: server.watch)
        try JSONLine.write(LoadReport(command: "handshakes", connections: count, tally: tally, measured: measured))
    }
}
