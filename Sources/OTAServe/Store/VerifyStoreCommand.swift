import ArgumentParser
import Foundation
import SiteSync
import TUF
import UpdateTree

struct VerifyStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read every file of the store and find what is damaged.",
        discussion: """
            Damaged files are put out of the way of imports, and updates that hold one are served no longer. With --repair a \
            right copy takes their place: from another update, from the directories that --from names, or from the upstream server.
            """)

    @ParentCommand var store: StoreCommand
    @Flag(help: "Replace damaged files by right copies.") var repair = false
    @Option(
        help: "A directory that may hold right copies: an update, a repository, another data directory, a stick. May be repeated.")
    var from: [String] = []
    @Flag(help: "Ask the upstream of config.yaml for what is found nowhere else. Files are its answer only when they are right.")
    var fromUpstream = false
    @Option(help: "Threads that check at once; as many as there are cores unless given.") var workers: Int?
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func validate() throws {
        guard repair || from.isEmpty && !fromUpstream else {
            throw ValidationError("--from and --from-upstream say where --repair takes right copies; give --repair too.")
        }
    }

    func run() async throws {
        let library = try store.library()
        // Before the long way: a stick that is not there shall be told at once.
        let sources = try from.map { try DirectoryContent(path: $0) }
        let upstream = fromUpstream ? try store.root.siteClient() : nil
        let meter = ProgressMeter(isShown: output == .table)
        let verification = StoreVerification(
            library: library, workers: workers ?? ProcessInfo.processInfo.activeProcessorCount, progress: { meter.show($0) })
        let report = try verification.run()
        meter.end()
        let printer = StoreReportPrinter(output: output)
        var mends: [StoreMend]
        do {
            let work = StoreRepair(library: library, sources: sources)
            let now = MetadataTime(seconds: Assembly.clock())
            mends = repair ? try work.repair(report, now: now) : try work.contain(report, now: now)
            if let upstream { mends = try await mend(mends, of: report, by: upstream, library) }
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
                    ? "some damage remains; name a directory that has right copies with --from, ask upstream with --from-upstream, "
                        + "or import the updates anew"
                    : "the store is damaged; run otaserve store verify --repair")
        }
    }

    /// What nothing here could mend, mended with the upstream's copies. What is mended already stays so when it is away.
    private func mend(
        _ mends: [StoreMend], of report: StoreReport, by upstream: SiteClient, _ library: UpdateLibrary
    ) async throws -> [StoreMend] {
        let open = Set(mends.filter { !$0.isMended }.map(\.content))
        guard !open.isEmpty else {
            await upstream.close()
            return mends
        }
        let fetched: Result<UpstreamContent, any Error>
        do {
            fetched = .success(try await UpstreamContent.fetch(open, from: upstream, library: library))
        } catch { fetched = .failure(error) }
        await upstream.close()
        switch fetched {
        case .success(let copies):
            defer { copies.discard() }
            let again = try StoreRepair(library: library, sources: [copies])
                .repair(report, now: MetadataTime(seconds: Assembly.clock()))
            let later = Dictionary(again.map { ($0.content, $0) }) { first, _ in first }
            return mends.map { open.contains($0.content) ? later[$0.content] ?? $0 : $0 }
        case .failure(let error):
            StandardError.print("otaserve: warning: the upstream could not be asked: \(error)")
            return mends
        }
    }
}
