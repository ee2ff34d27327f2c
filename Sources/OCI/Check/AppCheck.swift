import FileTree

/// Checks that all blobs that apps need are there, and that every blob that is there is what its name says.
///
///     let report = AppCheck(blobs: try update.directory("apps/blobs/sha256"), workers: 2).run(apps: apps)
///     guard report.isComplete else { … report.findings … }
public struct AppCheck: Sendable {
    private let blobs: Directory
    private let workers: Int
    private let isKnown: @Sendable (BlobDigest) -> Bool
    private let progress: @Sendable (AppProgress) -> Void
    private let isCancelled: @Sendable () -> Bool

    /// - Parameters:
    ///   - blobs: the update's `apps/blobs/sha256`.
    ///   - workers: as many threads compare at once.
    ///   - isKnown: whether this very file was compared before, as one that is shared with the content store. It is
    ///     not read again, except a manifest to walk on. Asked from several threads.
    ///   - progress: told now and then how far it is, from several threads.
    ///   - isCancelled: asked often, from several threads; once it says so, the check ends soon.
    public init(
        blobs: Directory, workers: Int, isKnown: @escaping @Sendable (BlobDigest) -> Bool = { _ in false },
        progress: @escaping @Sendable (AppProgress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.blobs = blobs
        self.workers = workers
        self.isKnown = isKnown
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Checks what `apps` need, and every blob that is there.
    public func run(apps: [(name: String, digest: BlobDigest)]) -> AppReport {
        let findings = FindingCollector()
        var report = AppReport()
        do throws(OCIError) {
            let inventory = try BlobInventory(blobs, findings)
            var walk = AppWalk(blobs: blobs, inventory, findings, isKnown: isKnown, isCancelled: isCancelled)
            walk.walk(apps)
            let sweep = BlobSweep(
                blobs: blobs, digests: inventory.digests.filter { !walk.done.contains($0) }, done: walk.done.count, findings: findings,
                isKnown: isKnown, isCancelled: isCancelled, progress: progress)
            let swept = sweep.run(workers: workers, bytesRead: walk.bytesRead)
            report.apps = walk.apps
            report.blobs = inventory.digests.count
            report.reached = walk.reached.count
            report.known = walk.known + swept.known
            report.bytesRead = swept.bytesRead
        } catch {
            findings.add("blobs/sha256", error)
        }
        report.wasCancelled = isCancelled()
        findings.fill(&report)
        return report
    }
}
