import ArgumentParser

/// The load generator of the benchmark: every command opens a bounded number of connections to a server on this machine and prints one line of JSON.
@main
struct LoadGenerator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "LoadGenerator",
        abstract: "Measures an update server over mutual TLS 1.3.",
        subcommands: [
            RequestsCommand.self, HandshakesCommand.self, IdleCommand.self, FirstContactCommand.self, EventsCommand.self,
            HeartbeatsCommand.self,
            ListenersCommand.self,
        ]
    )
}
