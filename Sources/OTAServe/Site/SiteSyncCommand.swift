import ArgumentParser
import FileTree
import Fleet
import Foundation
import Logging
import SiteSync
import TUF
import UpdateTree

struct SiteSyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Bring over what the upstream server lists and this site lacks.",
        discussion: """
            Works beside a running server, which serves a new update at once. What is cut off goes on where it ended when the \
            command is given again. Upstream, credentials, rate and tags come from config.yaml unless given.
            """)

    @ParentCommand var site: SiteCommand

    @Flag(help: "Sync once and end; what happens anyway. A running server syncs again and again: sync-interval.") var once = false
    @Option(help: ArgumentHelp("The upstream's gateway.", valueName: "https://host:port")) var upstream: String?
    @Option(help: ArgumentHelp("The folder of otaserve pki issue-site.", valueName: "folder")) var credentials: String?
    @Option(help: ArgumentHelp("Take this tag only, CHANNEL/TAG; may be repeated.", valueName: "channel/tag")) var tag: [String] = []
    @Option(help: ArgumentHelp("Bytes per second, such as 2MiB.", valueName: "rate")) var rate: ByteRate?
    @Option(help: "Files that are fetched at once, 1 to 32.") var parallel = 4
    @Flag(help: "Remove updates that came from the upstream and that it lists no more; those that devices are assigned to stay.")
    var prune = false
    @OptionGroup var checks: CheckOptions
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func validate() throws {
        guard (1...32).contains(parallel) else { throw ValidationError("--parallel is 1 to 32.") }
    }

    func run() async throws {
        let client = try site.root.siteClient(
            upstream: upstream.map(UpstreamAddress.init), credentials: credentials, bytesPerSecond: rate?.bytesPerSecond)
        let selection = try SiteSelection(tag.isEmpty ? site.root.siteSettings().tags : tag)
        let meter = ProgressMeter(isShown: output == .table)
        let root = site.root
        let removal: SiteSync.Removal? = prune ? { @Sendable key in try await root.removeIfUnassigned(key) } : nil
        let sync = SiteSync(
            library: try root.library(), client: client, settings: try checks.settings(), parallel: parallel,
            removal: removal, logger: Self.quiet, progress: { _, progress in meter.show(progress) })
        let outcome: Result<SyncReport, any Error>
        do {
            outcome = .success(try await sync.run(selection) { MetadataTime(seconds: Assembly.clock()) })
        } catch { outcome = .failure(error) }
        meter.end()
        if case .success = outcome { await report(to: client) }
        await client.close()
        await root.notifyRunningServer()
        try SyncPrinter(output: output).print(outcome.get())
    }

    /// Tells upstream what there is, when this site has its own key to sign with. The updates are here either way.
    private func report(to client: SiteClient) async {
        do {
            guard try site.root.siteSigner() != nil else { return }
            let bytes = try await SiteReportCommand.make(root: site.root)
            try await client.send(report: bytes)
            let sequence = try SiteReport(document: SiteReportEnvelope(parsing: bytes).report).sequence
            try SiteReporter.acknowledge(sequence, in: Directory(path: site.root.siteFolder))
        } catch {
            StandardError.print("otaserve: warning: the site's report was not sent; the next sync sends it: \(error)")
        }
    }

    /// The report says all of it.
    private static var quiet: Logger { Logger(label: "otaserve") { _ in SwiftLogNoOpLogHandler() } }
}
