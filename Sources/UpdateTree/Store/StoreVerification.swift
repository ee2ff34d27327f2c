import Dispatch
import FileTree
import Synchronization

/// Reads every file of the content store and compares it with its name: what finds a bit that flipped on the disk,
/// which no look at times and sizes can.
///
/// ```swift
/// let report = try StoreVerification(library: library, workers: 4).run()
/// guard report.isClean else { … report.findings … }
/// ```
///
/// It changes nothing and stops nobody: imports go on meanwhile. ``StoreRepair`` does what is to be done about it.
public struct StoreVerification: Sendable {
    let library: UpdateLibrary
    let workers: Int
    let progress: @Sendable (VerificationProgress) -> Void

    public init(
        library: UpdateLibrary, workers: Int, progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
    ) {
        self.library = library
        self.workers = max(1, workers)
        self.progress = progress
    }

    public func run() throws(UpdateTreeError) -> StoreReport {
        let tally = Tally()
        let listing = try storage { () throws(FileTreeError) in try StoreListing(library.store) }
        tally.total.store(try storage { () throws(FileTreeError) in try listing.count() }, ordering: .relaxed)
        for path in listing.strays { tally.add(Self.foreign(path, library.store.root.status(path))) }
        for folder in listing.folders {
            let items = try storage { () throws(FileTreeError) in try listing.items(in: folder) }
            try check(items, in: folder, tally)
        }
        for copy in try library.store.damagedCopies() {
            tally.add(
                StoreFinding(
                    .setAside, copy.path, content: copy.content, status: copy.status,
                    "it was found damaged before; otaserve store verify --repair replaces it, with --from where no update has a right copy")
            )
        }
        var report = tally.report.withLock { $0 }
        report.files = tally.files.load(ordering: .relaxed)
        report.bytes = tally.bytes.load(ordering: .relaxed)
        try nameHolders(&report)
        return report
    }

    /// What all workers found together.
    private final class Tally: Sendable {
        let report = Mutex(StoreReport())
        let failure = Mutex<UpdateTreeError?>(nil)
        let total = Atomic<Int64>(0)
        let done = Atomic<Int64>(0)
        let files = Atomic<Int64>(0)
        let bytes = Atomic<Int64>(0)

        func add(_ finding: StoreFinding) { report.withLock { $0.add(finding) } }
    }

    private func check(_ items: [StoreListing.Item], in folder: String, _ tally: Tally) throws(UpdateTreeError) {
        guard !items.isEmpty, let directory = library.store.openFolder(folder) else { return }
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(workers, items.count)) { _ in
            do throws(UpdateTreeError) {
                let check = try ContentCheck()
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < items.count else { return }
                    if let finding = Self.look(at: items[index], in: directory, check, tally) { tally.add(finding) }
                    step(folder, tally)
                }
            } catch {
                tally.failure.withLock { $0 = error }
            }
        }
        if let failure = tally.failure.withLock({ $0 }) { throw failure }
    }

    private func step(_ folder: String, _ tally: Tally) {
        let done = tally.done.wrappingAdd(1, ordering: .relaxed).newValue
        guard done.isMultiple(of: 64) || !folder.hasPrefix("objects") else { return }
        progress(VerificationProgress(step: .objects, done: done, total: tally.total.load(ordering: .relaxed), unit: .files))
    }

    private static func look(
        at item: StoreListing.Item, in directory: Directory, _ check: ContentCheck, _ tally: Tally
    ) -> StoreFinding? {
        let status = directory.entry(item.name)
        guard let content = item.content else {
            guard item.isLeftover else { return foreign(item.path, status) }
            return StoreFinding(
                .leftover, item.path, content: nil, status: status, "a repair that was killed left it; the next one removes it")
        }
        // Collected since it was listed.
        guard let status else { return nil }
        tally.files.wrappingAdd(1, ordering: .relaxed)
        do throws(ContentDefect) {
            let read = try check.check(content, open(item.name, in: directory))
            tally.bytes.wrappingAdd(read, ordering: .relaxed)
            return nil
        } catch {
            if error.isUnreadable, directory.entry(item.name) == nil { return nil }
            let kind: StoreFinding.Kind = error.isUnreadable ? .unreadable : status.kind == .file ? .damaged : .notPlain
            return StoreFinding(kind, item.path, content: content, status: status, slug: error.slug, error.message)
        }
    }

    static func open(_ name: String, in directory: Directory) throws(ContentDefect) -> Descriptor {
        do { return try directory.openFile(name) } catch { throw ContentDefect(opening: error) }
    }

    private static func foreign(_ path: String, _ status: FileStatus?) -> StoreFinding {
        StoreFinding(.foreign, path, content: nil, status: status, "this is no content of updates; remove it, or put it elsewhere")
    }

    /// One look at each update for each finding, and only when there are any.
    private func nameHolders(_ report: inout StoreReport) throws(UpdateTreeError) {
        report.findings.sort { $0.path < $1.path }
        for index in report.findings.indices {
            guard let content = report.findings[index].content, let status = report.findings[index].status else { continue }
            report.findings[index].updates = try library.updates(holding: status, as: content)
        }
    }
}
