/// Checks that all that commits need is in a repository, and that everything in the repository is what its name says,
/// static deltas and the summary included.
///
/// Also what no commit needs is compared: every object that lies there is served when a device asks for it, and shared
/// with other updates.
///
///     let report = ClosureCheck(repository: repository, workers: 2).run(commits: [checksum])
///     guard report.isComplete else { … report.findings … }
public struct ClosureCheck: Sendable {
    private let repository: Repository
    private let workers: Int
    private let isKnown: @Sendable (ObjectName) -> Bool
    private let progress: @Sendable (ClosureProgress) -> Void
    private let isCancelled: @Sendable () -> Bool

    /// - Parameters:
    ///   - workers: as many threads compare at once.
    ///   - isKnown: whether this very file was compared before, as one that is shared with the content store. It is
    ///     not read again, except a directory to walk on. Asked from several threads.
    ///   - progress: told now and then how far it is, from several threads.
    ///   - isCancelled: asked often, from several threads; once it says so, the check ends soon.
    public init(
        repository: Repository, workers: Int, isKnown: @escaping @Sendable (ObjectName) -> Bool = { _ in false },
        progress: @escaping @Sendable (ClosureProgress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.repository = repository
        self.workers = workers
        self.isKnown = isKnown
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Checks what `commits` need, the refs, every object that is there, the static deltas and the summary. Holds 41 bytes for each object.
    public func run(commits: [Checksum]) -> ClosureReport {
        let findings = FindingCollector()
        var report = ClosureReport()
        do throws(OSTreeError) {
            let inventory = try ObjectInventory(repository.objects, findings)
            check(inventory, commits, findings, &report)
        } catch {
            findings.add("objects", error)
        }
        report.wasCancelled = isCancelled()
        findings.fill(&report)
        return report
    }

    private func check(
        _ inventory: ObjectInventory, _ commits: [Checksum], _ findings: FindingCollector, _ report: inout ClosureReport
    ) {
        checkMarkers(inventory, commits, findings)
        let notPlain = inventory.notPlain
        // What is no file was not compared, whatever its name's bytes were elsewhere.
        let isKnown: @Sendable (ObjectName) -> Bool = { [isKnown] name in !notPlain.contains(name) && isKnown(name) }
        var walk = TreeWalk(repository, inventory, findings, isKnown: isKnown, isCancelled: isCancelled)
        walk.walk(commits)
        let sweep = ObjectSweep(
            repository: repository, inventory: inventory, isDone: walk.isDone, findings: findings, isKnown: isKnown,
            isCancelled: isCancelled, progress: progress)
        let swept = sweep.run(workers: workers, bytesRead: walk.bytesRead)
        report.commits = walk.commits
        report.objects = inventory.names.count
        report.reached = walk.reached
        report.known = walk.known + swept.known
        report.bytesRead = swept.bytesRead + checkShortcuts(inventory, findings)
    }

    /// The shortcuts that devices take to the objects: static deltas, their indexes, and the summary. Returns the count
    /// of bytes read.
    private func checkShortcuts(_ inventory: ObjectInventory, _ findings: FindingCollector) -> Int64 {
        let check = DeltaCheck(inventory: inventory, findings: findings, isCancelled: isCancelled)
        var (ledger, bytesRead) = DeltaSweep(repository: repository, check: check).run()
        // A sweep that was stopped misses deltas, and would blame the lists for it.
        guard !isCancelled() else { return bytesRead }
        let summary = SummaryCheck(repository: repository, inventory: inventory, findings: findings).run(&ledger)
        bytesRead += summary.bytesRead
        bytesRead += DeltaIndexSweep(repository: repository, findings: findings, isCancelled: isCancelled).run(&ledger)
        if !isCancelled() { ledger.tellUnused(hasSummary: summary.isPresent) }
        return bytesRead
    }

    /// What lies beside the objects: refs, marks of commits that were pulled in part, and detached metadata.
    private func checkMarkers(_ inventory: ObjectInventory, _ commits: [Checksum], _ findings: FindingCollector) {
        for ref in repository.refs(complain: findings.add) where inventory.index(of: ObjectName(ref.checksum, .commit)) == nil {
            findings.add("refs/heads/\(ref.name)", OSTreeError(.refDangling, "it names the commit \(ref.checksum), which is absent"))
        }
        // A parent that was pulled without its content is marked too; no device asks for it.
        for commit in repository.partialCommits() where commits.contains(commit) {
            findings.add(
                "state/\(commit).commitpartial",
                OSTreeError(
                    .commitPartial, "only a part of the commit was pulled; pull it again, or remove the mark when ostree fsck is content"))
        }
        let type = VariantType.array(.tuple([.string, .variant]))
        for commit in inventory.detached {
            let path = "objects/\(commit.hex.prefix(2))/\(commit.hex.dropFirst(2)).commitmeta"
            do throws(OSTreeError) {
                let variant = VariantBytes(try repository.detachedMetadata(commit))
                try variant.requireNormal(variant.all, type)
            } catch {
                findings.add(path, error)
            }
        }
    }
}
