import ArgumentParser

/// `otaserve bundle`: updates on a stick, and a site's report on the way back. Works beside a running server.
struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Carry updates to a site without a network, and its report back.",
        discussion: """
            At the site: 'bundle have -o have'. Where the updates are: 'bundle export --tag ci/main --have have --to bundle.tar'. \
            At the site again: 'bundle import bundle.tar' and 'bundle report --to report'; and with that 'bundle import-report report'.
            """,
        subcommands: [
            BundleHaveCommand.self, BundleExportCommand.self, BundleImportCommand.self, BundleShowCommand.self, SiteReportCommand.self,
            ImportReportCommand.self,
        ])

    @ParentCommand var root: OTAServe
}
