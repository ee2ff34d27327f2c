import ArgumentParser
import Foundation
import TUF
import UpdateTree

struct VerifyStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read every file of the store and find what is damaged.",
        discussion: """
            Damaged files are put out of the way of imports, and updates that hold one are served no longer. With --repair a \
            right copy takes their place: from another update, or from the directories that --from names.
            """)

    @ParentCommand var store: StoreCommand
    @Flag(help: "Replace damaged files by right copies.") var repair = false
    @Option(
        help: "A directory that may hold right copies: an update, a repository, another data directory, a stick. May be repeated.")
    var from: [String] = []
    @Option(help: "Threads that check at once; as many as there are cores unless given.") var workers: Int?
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func validate() throws {
        guard from.isEmpty || repair else { throw ValidationError("--from says where --repair takes right copies; give both.") }
    }

    func run() async throws {
        let library = try store.library()
        // Before the long way: a stick that is not there shall be told at once.
        let sources = try from.map { try DirectoryContent(path: $0) }
        let meter = ProgressMeter(isShown: output == .table)
        let verification = StoreVerification(
            library: library, workers: workers ?? ProcessInfo.processInfo.activeProcessorCount, progress: { meter.show($0) })
        let report = try verification.run()
        meter.end()
        let printer = StoreReportPrinter(output: output)
        let mends: [StoreMend]
        do {
            let work = StoreRepair(library: library, sources: sources)
            let now = MetadataTime(seconds: Assembly.clock())
            mends = repair ? try work.repair(report, now: now) : try work.contain(report, now: now)
        } catch {
            // What was found took hours to find: it is told although nothing could be done about it.
            try printer.print(report, [])
            throw error
        }
        if !report.isClean { await store.root.notifyRunningServer() }
        try printer.print(report, mends)
        // Of a disk that dies not all is kept to be mended in one run.
        let isWhole = report.findings.count { $0.isDamage } == report.damageCount
        guard isWhole, mends.allSatisfy({ $0.isMended }) else {
            throw UpdateTreeError(
                .storeDamaged,
                repair
                    ? "some damage remains; name a directory that has right copies with --from, or import the updates anew"
                    : "the store is damaged; run otaserve store verify --repair")
        }
    }
}
