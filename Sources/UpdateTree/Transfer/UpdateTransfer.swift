import FileTree
import TUF

/// Brings an update over from somebody who has its inventory. Knows no network: a ``TransferSource`` brings the bytes.
///
/// ```swift
/// let report = try await UpdateTransfer(library: library, settings: settings, parallel: 4)
///     .run(key, inventory: inventory, from: source, now: now)
/// guard report.isAccepted else { … report.findings … }
/// ```
///
/// The order: metadata, checked against the channel's own roots and against what is here; content by its digest, only
/// what the store lacks, each file resumed behind its last byte after a cut; the other files; all put together by links
/// in a private directory and checked as every import is; then visible by one step. Killed at any moment, the tree has
/// the old update or the new one, and what was fetched is not fetched again.
public struct UpdateTransfer: Sendable {
    let library: UpdateLibrary
    let settings: VerificationSettings
    let limits: TransferLimits
    let parallel: Int
    let progress: @Sendable (VerificationProgress) -> Void
    let checkpoint: @Sendable (TransferStep) throws -> Void

    /// - Parameter parallel: files that are fetched at once.
    public init(
        library: UpdateLibrary, settings: VerificationSettings, limits: TransferLimits = TransferLimits(), parallel: Int,
        progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
    ) {
        self.init(library: library, settings: settings, limits: limits, parallel: parallel, progress: progress, checkpoint: { _ in })
    }

    init(
        library: UpdateLibrary, settings: VerificationSettings, limits: TransferLimits = TransferLimits(), parallel: Int,
        progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in },
        checkpoint: @escaping @Sendable (TransferStep) throws -> Void
    ) {
        self.library = library
        self.settings = settings
        self.limits = limits
        self.parallel = parallel
        self.progress = progress
        self.checkpoint = checkpoint
    }

    /// Throws when the source or the disk fails, or the inventory makes no sense; else the report says whether the update
    /// was accepted. In the report, `sharedFiles` and `sharedBytes` are what the store had before.
    ///
    /// An update of this key that is here already is replaced, unless its metadata are newer. Whether that is needed is
    /// the caller's to ask first: ``UpdateLibrary/holds(_:as:)``.
    public func run(
        _ key: UpdateKey, inventory: Inventory, from source: some TransferSource, now: MetadataTime
    ) async throws -> UpdateReport {
        let plan = try TransferPlan(inventory, limits: limits)
        // Nobody collects the store while links to it are made.
        let claim = try await DiskWork.run { [library] in try ImportClaim.importing(into: library.data) }
        defer { withExtendedLifetime(claim) {} }
        let (folder, lock) = try TransferFolder.claim(in: library.data)
        defer { withExtendedLifetime(lock) {} }
        let root = library.catalogue.root
        let staging = "\(Staging.prefix)transfer-\(Staging.uniqueName())"
        let outcome: Result<UpdateReport, any Error>
        do {
            try checkpoint(.claimed)
            let place = try storage { () throws(FileTreeError) in try root.makeDirectory(staging, mode: 0o700) }
            outcome = .success(try await bring(key, inventory, plan, from: source, by: place, folder, now))
        } catch {
            outcome = .failure(error)
        }
        // The replaced update may have thousands of files.
        try? await DiskWork.run { try root.remove(staging) }
        return try outcome.get()
    }

    private func bring(
        _ key: UpdateKey, _ inventory: Inventory, _ plan: TransferPlan, from source: some TransferSource, by place: Directory,
        _ folder: TransferFolder, _ now: MetadataTime
    ) async throws -> UpdateReport {
        let present = try? library.catalogue.root.directory(key.path)
        let tuf = try storage { () throws(FileTreeError) in try place.makeDirectory("metadata") }
        let metadata = MetadataTransfer(library: library, key: key, settings: settings, source: source, now: now)
        try await metadata.fetch(plan.metadata, into: tuf)
        try checkpoint(.metadataFetched)
        let first = metadata.check(tuf, against: present)
        guard first.isAccepted else { return first }
        try checkpoint(.metadataChecked)

        let missing = plan.shared.filter { !library.store.contains($0) }
        try await fetch(missing, plan.plain, from: source, present: present, folder)
        try checkpoint(.contentComplete)

        var report = try await DiskWork.run { [self] in
            let content = try storage { () throws(FileTreeError) in try place.makeDirectory("update") }
            try TransferAssembly(store: library.store, folder: folder).run(plan.shared + plan.plain, into: content)
            try storage { () throws(FileTreeError) in try place.move("metadata", to: content, as: "tuf") }
            try checkpoint(.assembled)
            let publication = TransferPublication(
                library: library, key: key, settings: settings, progress: progress, checkpoint: checkpoint)
            let report = try publication.run("update", in: place, as: inventory, hadPresent: present != nil, now: now)
            guard report.isAccepted else { return report }
            for file in plan.plain { try folder.discard(file.content) }
            try checkpoint(.cleared)
            return report
        }
        report.sharedFiles = plan.shared.count - missing.count
        report.sharedBytes = (plan.shared.reduce(0) { $0 + $1.size }) - missing.reduce(0) { $0 + $1.size }
        return report
    }

    private func fetch(
        _ shared: [Inventory.File], _ plain: [Inventory.File], from source: some TransferSource, present: Directory?,
        _ folder: TransferFolder
    ) async throws {
        let total = (shared + plain).reduce(0) { $0 + $1.size }
        let meter = TransferMeter(total: total, progress)
        let content = ContentTransfer(
            store: library.store, folder: folder, source: source, parallel: parallel, present: present,
            arrived: { meter.add($0) }, checkpoint: checkpoint)
        try await content.fetchShared(shared)
        try await content.fetchPlain(plain)
    }
}

extension ContentStore {
    fileprivate func contains(_ file: Inventory.File) -> Bool {
        if case .shared(let content) = file.content { contains(content) } else { false }
    }
}
