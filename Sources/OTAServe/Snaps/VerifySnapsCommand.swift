import ArgumentParser
import UpdateTree

struct VerifySnapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a pool as a whole, every byte of it, and record what was found.")

    @ParentCommand var snaps: SnapsCommand
    @OptionGroup var pool: SnapPoolOptions

    func run() async throws {
        let report = try SnapPools(library: try snaps.library()).verify(
            try pool.key(), isThorough: true, workers: SnapsCommand.workers, now: Assembly.clock())
        await snaps.root.notifyRunningServer()
        try SnapPoolPrinter.print(report)
        print("accepted \(report.key): \(report.index?.snaps.count ?? 0) snaps")
    }
}
