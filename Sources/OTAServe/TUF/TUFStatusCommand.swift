import ArgumentParser
import TUF

/// `otaserve tuf status`: roots, keys, what waits, and what should be mended.
struct TUFStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show roles, keys, expiry and the root that waits; needs no passphrase.")

    @ParentCommand var tuf: TUFCommand
    @Option(help: "ci or prod (default: both).") var channel: TUFChannel?
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() throws {
        var found: [(channel: TUFChannel, status: ChannelStatus)] = []
        for channel in channel.map({ [$0] }) ?? TUFChannel.allCases {
            guard let directory = try tuf.existingFolder(of: channel) else { continue }
            let repository = ChannelRepository(directory: directory, secret: nil)
            found.append((channel, try repository.status(now: .now)))
        }
        switch output {
        case .json:
            try OutputFormat.printJSON(Dictionary(uniqueKeysWithValues: found.map { ($0.channel.rawValue, $0.status) }))
        case .table:
            if found.isEmpty { return print("there is no channel yet; run otaserve tuf init or otaserve tuf import-fleet") }
            for (channel, status) in found {
                for line in TUFReport.lines(status, channel: channel) { print(line) }
            }
        }
    }
}
