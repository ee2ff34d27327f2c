import ArgumentParser
import NIOCore
import NIOSSL

/// `idle`: connections that have made one request and now wait, until standard input is closed.
struct IdleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "idle", abstract: "Hold idle connections until standard input closes.")

    private struct Line: Encodable {
        var command = "idle"
        var state: String
        var connections: Int
    }

    @OptionGroup var server: ServerOptions
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var request: RequestOptions

    @Option(name: .customLong("protocol"), help: "h1 or h2.")
    var version = HTTPVersion.http1

    @Option(help: "Number of connections.")
    var connections: Int

    func validate() throws {
        guard connections > 0 else { throw ValidationError("--connections is at least 1.") }
    }

    func run() async throws {
        let requests = try request.requests(authority: server.authority)
        let roots = try NIOSSLCertificate.fromPEMFile(server.trustRoot)
        let contexts = try identity.load().map { try $0.context(trusting: roots, version: version) }
        let connector = try server.connector(version)
        let load = try await KeepAliveLoad.open(connections, threads: 1, connector: connector, contexts: contexts)
        let limits = LoadLimits(count: connections, duration: nil, timeout: .seconds(server.timeout))
        let tally = try await load.run(requests, limits: limits, expectedStatus: request.expectStatus)
        guard tally.errorCount == 0 else {
            throw LoadError(code: .malformedResponse, message: "the first requests failed: \(tally.errors)")
        }
        try JSONLine.write(Line(state: "open", connections: try await load.openConnections()))
        while readLine() != nil {}
        try JSONLine.write(Line(state: "closing", connections: try await load.openConnections()))
        try await load.close()
    }
}
