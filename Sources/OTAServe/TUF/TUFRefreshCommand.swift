import ArgumentParser
import TUF

/// `otaserve tuf refresh`: sign anew what would expire soon.
struct TUFRefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Sign the metadata of updates anew before they expire, or after a rotation.",
        discussion: "Metadata that were signed elsewhere are never touched.")

    @ParentCommand var tuf: TUFCommand
    @OptionGroup var secret: TUFSecretOptions
    @Option(help: "ci or prod (default: both).") var channel: TUFChannel?

    func run() async throws {
        for channel in channel.map({ [$0] }) ?? TUFChannel.allCases {
            // A channel that nobody uses is no error when all are refreshed.
            if self.channel == nil, (try tuf.existingFolder(of: channel)) == nil { continue }
            let repository = try tuf.repository(channel, secret)
            try await RefreshRun(channel: channel, repository: repository).run(root: tuf.root)
        }
    }
}
