import ArgumentParser
import Foundation
import NIOCore
import NIOSSL

/// `first-contact`: devices that the server has never seen, each with its own certificate, connection and first request.
struct FirstContactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "first-contact",
        abstract: "One connection and one GET /device by each of many new devices."
    )

    @OptionGroup var server: ServerOptions

    @Option(help: ArgumentHelp("PEM file of the certificate authority for devices.", valueName: "file"))
    var deviceCA: String

    @Option(help: ArgumentHelp("PEM file of its key.", valueName: "file"))
    var deviceCAKey: String

    @Option(help: "The OU of the certificates.")
    var factory = "bench"

    @Option(help: "The tag that the devices report.")
    var tag = "main"

    @Option(help: "Number of devices.")
    var count: Int

    @Option(help: "Connections under way at the same time.")
    var concurrency = 64

    func validate() throws {
        guard count > 0, concurrency > 0 else { throw ValidationError("Count and concurrency are at least 1.") }
    }

    func run() async throws {
        try OpenFileLimit.raise(forConnections: concurrency)
        let issuer = try CertificateIssuer(certificateFile: deviceCA, keyFile: deviceCAKey, factory: factory)
        let roots = try NIOSSLCertificate.fromPEMFile(server.trustRoot)
        // Made before the clock runs: issuing is not what is measured.
        let contexts = try (0..<count).map { _ in
            try issuer.issue(uuid: UUID().uuidString.lowercased()).context(trusting: roots, version: .http1)
        }
        let request = HTTPRequest(
            path: "/device",
            authority: server.authority,
            headers: [("x-ats-tags", tag), ("Connection", "close")]
        )
        let run = FreshConnectionsRun(
            connector: try server.connector(.http1),
            contexts: contexts,
            request: request,
            limits: LoadLimits(count: count, duration: nil, timeout: .seconds(server.timeout)),
            expectedStatus: 200,
            concurrency: concurrency
        )
        let (tally, measured) = try await run.measure(watching: server.watch)
        try JSONLine.write(LoadReport(command: "first-contact", connections: count, tally: tally, measured: measured))
    }
}
