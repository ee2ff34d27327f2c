import ArgumentParser
import Fleet
import Persistence
import Snaps
import UpdateTree

struct RemoveSnapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a snap out of a pool; refused while another one there needs it.")

    @ParentCommand var snaps: SnapsCommand
    @OptionGroup var pool: SnapPoolOptions
    @Argument(help: "The snap's name.") var name: String
    @Option(help: "Only this revision; all unless given.") var revision: String?

    func run() async throws {
        let key = try pool.key()
        let library = try snaps.library()
        let name = try SnapName(name)
        let revision = try revision.map { try SnapRevision($0) }
        let report = try SnapPools(library: library).remove(
            name, revision: revision, from: key, workers: SnapsCommand.workers, now: Assembly.clock())
        let what = name.text + (revision.map { "_\($0)" } ?? "")
        try await AuditFiles(dataDirectory: library.data).record(
            AuditEntry(time: Assembly.clock(), actor: .local, action: "snap-remove", subject: "\(key)/\(what)", outcome: "done"))
        await snaps.root.notifyRunningServer()
        print("removed \(what) from \(key)")
        try SnapPoolPrinter.print(report)
    }
}
