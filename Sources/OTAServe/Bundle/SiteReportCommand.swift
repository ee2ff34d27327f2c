import ArgumentParser
import Foundation
import SiteSync

/// `otaserve site report` and, for the stick, `otaserve bundle report`: the same.
struct SiteReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Make this site's report to upstream, signed with the site's key.")

    @ParentCommand var root: OTAServe
    @Option(help: ArgumentHelp("The file; standard output unless given.", valueName: "file")) var to: String?

    func run() async throws { try BundleFiles.write(await Self.make(root: root), to: to) }

    /// The signed report of the site on this data directory.
    static func make(root: OTAServe) async throws -> [UInt8] {
        if let server = RunningServer(datadir: root.datadir) {
            // Only the server knows what its devices said in the last second.
            return Array(try await server.send(.POST, "/v1/site/report"))
        } else {
            let assembly = try await Assembly.open(datadir: root.datadir, registration: .open)
            guard let reporter = try assembly.siteReporter(datadir: root.datadir) else {
                throw ValidationError(
                    "This installation is no site: put client.pem, pkey.pem and root.crt of 'pki issue-site' into \(root.siteFolder).")
            }
            return try reporter.make(now: Assembly.clock()).bytes
        }
    }
}
