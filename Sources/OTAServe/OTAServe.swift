import ArgumentParser
import Foundation

/// `otaserve`: the server and the commands that work on its data directory.
struct OTAServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otaserve",
        abstract: "Serve updates to a fleet of Linux devices out of a plain directory tree.",
        version: Version.text,
        subcommands: [
            ServeCommand.self, PKICommand.self, UpdatesCommand.self, DevicesCommand.self, RegistrationsCommand.self, TokenCommand.self,
            TUFCommand.self,
            ExpiryCommand.self, StoreCommand.self, SnapsCommand.self, SiteCommand.self, BundleCommand.self, AuditCommand.self,
            RolloutsCommand.self, MQTTCommand.self,
        ])

    @Option(help: "The data directory (or OTASERVE_DATADIR).")
    var datadir: String = ProcessInfo.processInfo.environment["OTASERVE_DATADIR"] ?? "."

    /// Asks a running server to read its certificates and revocation lists again. Without one there is nothing to do.
    func notifyRunningServer() async {
        guard let server = RunningServer(datadir: datadir) else { return }
        do {
            _ = try await server.send(.POST, "/v1/reload")
        } catch {
            StandardError.print("otaserve: the running server did not reload at once (\(error)); it looks by itself every second")
        }
    }
}

enum Version {
    static let text = "0.1.0"
}
