import ArgumentParser

/// `otaserve site`: this installation takes updates from another OTAServe.
struct SiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Bring updates over from an upstream server.",
        subcommands: [SiteSyncCommand.self, SiteStatusCommand.self, SiteReportCommand.self])

    @ParentCommand var root: OTAServe
}
