import ArgumentParser
import FileTree
import Fleet
import Foundation
import OperatorAuth
import Persistence
import TUF
import UpdateTree

struct ImportUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Check an update and bring it into the tree; it appears as a whole or not at all.")

    @ParentCommand var updates: UpdatesCommand
    @Argument(help: "A directory, a tar, tar.gz or tar.zst with tuf/, ostree_repo/ and apps/; - reads an archive from standard input.")
    var source: String
    @OptionGroup var key: UpdateKeyOptions
    @OptionGroup var checks: CheckOptions
    @OptionGroup var attributes: ImageAttributeOptions
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() async throws {
        let key = try key.key()
        let library = try updates.library()
        let meter = ProgressMeter(isShown: output == .table)
        let ingest = UpdateIngest(
            library: library, settings: try checks.settings(), description: try attributes.generation(library: library, root: updates.root),
            progress: { meter.show($0) })
        let claim = try ImportClaim.importing(into: library.data)
        let report = try claim.whileHeld { () throws in
            try ingest.run(Self.open(source), as: key, now: MetadataTime(seconds: Assembly.clock()))
        }
        meter.end()
        if report.isAccepted {
            try await AuditFiles(dataDirectory: library.data).record(
                AuditEntry(time: Assembly.clock(), actor: .local, action: "update-import", subject: key.path, outcome: "done"))
        }
        try ReportPrinter(output: output).print(report, doing: "import")
        await updates.root.notifyRunningServer()
    }

    private static func open(_ source: String) throws -> UpdateSource {
        if source == "-" { return .archive(Descriptor(owning: dup(STDIN_FILENO)), name: "standard input") }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory) else {
            throw UpdateTreeError(.sourceInvalid, "\(source) does not exist; name a directory or an archive")
        }
        if isDirectory.boolValue { return .directory(path: source) }
        let number = Glibc.open(source, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw FileTreeError(errno: errno, doing: "open", at: source) }
        return .archive(Descriptor(owning: number), name: source)
    }
}

/// How strictly an update is checked.
struct CheckOptions: ParsableArguments {
    @Option(help: "Refuse metadata that expire within this time, such as 12h or 7d.") var horizon = "1d"
    @Option(help: "Threads that check at once; as many as there are cores unless given.") var workers: Int?

    func settings() throws -> VerificationSettings {
        var settings = VerificationSettings(workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
        settings.horizon = .seconds(try Lifetime(horizon).seconds)
        return settings
    }
}
