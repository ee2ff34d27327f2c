import ArgumentParser
import DeviceAuth
import FileTree
import Fleet
import Foundation
import Persistence
import SiteSync
import TUF
import UpdateTree

struct BundleImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Check a bundle and take its updates into the tree; each appears as a whole or not at all.",
        discussion: "When it is cut off, run it again: it goes on where it was.")

    @ParentCommand var bundle: BundleCommand
    @Argument(help: "A bundle's directory or tar file; - reads a tar from standard input.") var source: String
    @Option(help: ArgumentHelp("The root whose servers are trusted; site/root.crt or certs/root.crt unless given.", valueName: "file"))
    var root: String?
    @Option(help: ArgumentHelp("This site's name; from site/client.pem unless given.", valueName: "name")) var site: String?
    @OptionGroup var checks: CheckOptions

    func run() async throws {
        let library = try bundle.root.library()
        let opened =
            source == "-" ? try Bundle.read(Descriptor(owning: dup(STDIN_FILENO)), keepingIn: library.data) : try Bundle.open(path: source)
        let name = try site.map { try SiteName($0) } ?? bundle.root.siteSigner().map { try SiteName($0.name) }
        let now = Assembly.clock()
        let verified = try BundleVerification(trust: bundle.root.bundleTrust(root: root), site: name, library: library).run(
            opened, now: now)
        let meter = ProgressMeter(isShown: true)
        let outcomes = await BundleImport(library: library, settings: try checks.settings(), progress: { meter.show($0) })
            .run(verified, now: MetadataTime(seconds: now))
        meter.end()
        let audit = try AuditFiles(dataDirectory: library.data)
        for outcome in outcomes { try await report(outcome, from: verified, to: audit) }
        await bundle.root.notifyRunningServer()
        if let acknowledged = verified.manifest.acknowledgedReport, let name, verified.manifest.site == name.text,
            let folder = try? Directory(path: bundle.root.siteFolder)
        {
            try SiteReporter.acknowledge(acknowledged, in: folder)
        }
        let missing = outcomes.filter { !$0.isHere }
        guard missing.isEmpty else {
            throw BundleError(.updatesRefused, "\(missing.map(\.key.path).joined(separator: ", ")) was not imported; the reasons are above")
        }
    }

    private func report(_ outcome: BundleOutcome, from verified: VerifiedBundle, to audit: AuditFiles) async throws {
        let word: String
        switch outcome.result {
        case .alreadyHere: return print("\(outcome.key) is here already")
        case .imported(let report):
            print("imported \(outcome.key): \(report.files) files, \(report.sharedFiles) of them already here")
            word = "imported from \(verified.signer)"
        case .refused(let report):
            for finding in report.findings where finding.isFatal {
                StandardError.print("fatal: \(outcome.key): \(finding.path): \(finding.slug): \(finding.message)")
            }
            word = "refused"
        case .failed(let error):
            StandardError.print("failed: \(outcome.key): \(error)")
            word = "failed"
        }
        try await audit.record(
            AuditEntry(time: Assembly.clock(), actor: .local, action: "bundle-import", subject: outcome.key.path, outcome: word))
    }
}
