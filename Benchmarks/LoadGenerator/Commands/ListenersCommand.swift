import ArgumentParser
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// `listeners`: the delay from `POST /events` to each listener of a rollout's stream. Sender and listeners share one event loop and so one clock.
struct ListenersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listeners",
        abstract: "Delay from a device's event to every listener of the rollout."
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var identity: IdentityOptions

    @Option(help: "Port of the operator's side (plain HTTP).")
    var adminPort: Int

    @Option(help: "Path of the stream, such as /v1/rollouts/ID/tail.")
    var path: String

    @Option(help: ArgumentHelp("File that holds the operator's token.", valueName: "file"))
    var tokenFile: String

    @Option(help: "Number of listeners.")
    var listeners: Int

    @Option(help: "Number of events, one after the other.")
    var count = 50

    @Option(help: "Milliseconds between the last delivery of an event and the next event.")
    var pause: Int64 = 20

    @Option(help: "Seconds to wait for the deliveries of one event.")
    var patience: Int64 = 5

    @Option(help: "Text that marks a delivery when the stream does not carry the event's id.")
    var match = "DEVICE_STATUS"

    @Option(help: "The targetName in the events.")
    var targetName = "bench"

    func validate() throws {
        guard listeners > 0, count > 0, patience > 0, pause >= 0 else {
            throw ValidationError("Listeners, count and patience are at least 1.")
        }
        guard (1...65_535).contains(adminPort) else { throw ValidationError("--admin-port is a number between 1 and 65535.") }
    }

    func run() async throws {
        try OpenFileLimit.raise(forConnections: listeners + 1)
        let token = try String(contentsOfFile: tokenFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        let roots = try NIOSSLCertificate.fromPEMFile(server.trustRoot)
        let context = try identity.load()[0].context(trusting: roots, version: .http1)
        let connector = try server.connector(.http1)
        let admin = try SocketAddress(ipAddress: server.host, port: adminPort)
        let request = EventStreamRequest(path: path, authority: "\(server.host):\(adminPort)", token: token)

        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let events = DeviceEvents(authority: server.authority, targetName: targetName)
        let prepared = eventLoop.flatSubmit { [listeners, match, pause, patience] in
            let run = ListeningRun(
                eventLoop: eventLoop,
                probe: DelayProbe(eventLoop: eventLoop, listeners: listeners, match: match),
                events: events,
                pause: .milliseconds(pause),
                patience: .seconds(patience)
            )
            let bound = NIOLoopBound(run, eventLoop: eventLoop)
            let sender = connector.connect(on: eventLoop, context: context)
            return run.open(listeners: listeners, at: admin, request: request, sender: sender).map { bound }
        }
        let bound = try await prepared.get()
        var measured = try Measurement.begin(watching: server.watch)
        try await eventLoop.flatSubmit { [count] in bound.value.run(count: count) }.get()
        try measured.end()
        let report = try await eventLoop.submit { [measured] in self.report(bound.value, measured: measured) }.get()
        try JSONLine.write(report)
        try await group.shutdownGracefully()
    }

    private func report(_ run: ListeningRun, measured: Measurement) -> ListeningReport {
        let (tally, probe) = (run.tally, run.probe)
        return ListeningReport(
            listeners: listeners,
            events: tally.requests,
            deliveries: probe.delays.count,
            missing: probe.missing,
            matchedByIdentifier: probe.matchedByIdentifier,
            errors: tally.errorCount,
            errorReasons: tally.errors,
            delayMilliseconds: LoadReport.Milliseconds(probe.delays),
            acknowledgedMilliseconds: LoadReport.Milliseconds(tally.latencies),
            seconds: measured.seconds,
            ownCPUSeconds: measured.ownCPUSeconds,
            watchedCPUSeconds: measured.watchedCPUSeconds
        )
    }
}
