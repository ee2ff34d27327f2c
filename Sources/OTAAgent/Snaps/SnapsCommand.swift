import ArgumentParser
import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import SoftwareAgent

/// `ota-agent snaps`: heartbeats, the list of snaps, and what the server asks of snapd.
struct SnapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snaps", abstract: "Report this device's snaps to the update server, and install what its model requires.",
        discussion: """
            Speaks to the device gateway with the device's certificate and to snapd over its socket, as root. What the server asks is \
            kept in the state directory and survives kills and reboots. With --once it exits 0 when nothing is left to do, 1 otherwise.
            """)

    @OptionGroup var place: ServerOptions
    @Option(help: "Where the agent keeps what it must not forget, and files on their way to snapd.") var state = "/var/lib/ota-agent"
    @Option(help: "snapd's socket.") var snapdSocket = "/run/snapd.socket"
    @Option(help: "Seconds between two heartbeats, 10 % more or less.") var heartbeat = 60
    @Flag(help: "One heartbeat, then whatever is asked until nothing is left.") var once = false

    func validate() throws {
        guard (1...86_400).contains(heartbeat) else { throw ValidationError("--heartbeat must be from 1 to 86400 seconds") }
    }

    func run() async throws {
        let settings = try place.settings()
        let store = try AgentStore(path: state)
        let http = Self.makeClient()
        let logger = Logger(label: "ota-agent") { StreamLogHandler.standardError(label: $0) }
        let files = try SnapFiles(in: store.directory)
        let runner = StepRunner(
            snapd: SnapdSocket(http, at: snapdSocket, files: files.directory), server: ServerClient(http, settings), files: files,
            description: try settings.description(),
            note: { logger.warning("failed", metadata: ["slug": "\($0.code.rawValue)", "reason": "\($0.message)"]) })
        let loop = AgentLoop(
            runner: runner, store: store, files: files, timing: AgentTiming(heartbeat: heartbeat), isOnce: once, logger: logger)
        let task = Task { try await loop.run() }
        let signals = StopSignals(status: once ? 1 : 0) { task.cancel() }
        defer { signals.end() }
        let outcome = await task.result
        try await http.shutdown()
        try outcome.get()
    }

    private static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(120)))
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
