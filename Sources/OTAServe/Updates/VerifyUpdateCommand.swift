import ArgumentParser
import TUF
import UpdateTree

struct VerifyUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check an update that lies in the tree, and record what was found.")

    @ParentCommand var updates: UpdatesCommand
    @OptionGroup var key: UpdatePathArgument
    @OptionGroup var checks: CheckOptions
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() async throws {
        let key = try key.key()
        let library = try updates.library()
        let meter = ProgressMeter(isShown: output == .table)
        let check = InPlaceCheck(library: library, settings: try checks.settings(), progress: { meter.show($0) })
        let claim = try ImportClaim.importing(into: library.data)
        let report = try claim.whileHeld { () throws in try check.run(key, now: MetadataTime(seconds: Assembly.clock())) }
        meter.end()
        await updates.root.notifyRunningServer()
        try ReportPrinter(output: output).print(report, doing: "accept")
    }
}
