import FileTree
import Logging
import TUF
import UpdateTree

/// Brings the updates of an upstream server into this data directory.
///
/// ```swift
/// let report = try await SiteSync(library: library, client: client, settings: settings).run(selection) { .now }
/// ```
///
/// Each update is brought over on its own: one that is refused or fails holds no other back, and whatever goes wrong, what
/// is here stays and is served.
public struct SiteSync: Sendable {
    let library: UpdateLibrary
    let client: SiteClient
    let settings: VerificationSettings
    let limits: TransferLimits
    let parallel: Int
    let removal: Removal?
    let logger: Logger
    let progress: @Sendable (UpdateKey, VerificationProgress) -> Void

    /// Removes an update that the upstream lists no more; false when devices are assigned to it, and then it stays.
    public typealias Removal = @Sendable (UpdateKey) async throws -> Bool

    /// - Parameters:
    ///   - parallel: files that are fetched at once.
    ///   - removal: nil removes nothing.
    public init(
        library: UpdateLibrary, client: SiteClient, settings: VerificationSettings, limits: TransferLimits = TransferLimits(),
        parallel: Int = 4, removal: Removal? = nil, logger: Logger,
        progress: @escaping @Sendable (UpdateKey, VerificationProgress) -> Void = { _, _ in }
    ) {
        self.library = library
        self.client = client
        self.settings = settings
        self.limits = limits
        self.parallel = parallel
        self.removal = removal
        self.logger = logger
        self.progress = progress
    }

    /// Throws when nothing could be done at all: the upstream cannot be reached, or another sync runs. What became of each
    /// update says the report.
    public func run(_ selection: SiteSelection, now: @Sendable () -> MetadataTime) async throws -> SyncReport {
        let folder = try SiteFolder.open(in: library.data)
        let lock = try folder.lock()
        defer { withExtendedLifetime(lock) {} }
        let before = try? folder.status()
        var status = SiteStatus(upstream: client.address.text, startedAt: now().seconds)
        // Another upstream's updates are not this one's to miss.
        status.known = before.map { $0.upstream == status.upstream ? $0.known : [] } ?? []
        try folder.keep(status)
        do {
            try collect(now())
            try await sync(selection, &status, now)
        } catch {
            status.error = "\(error)"
            status.endedAt = now().seconds
            try folder.keep(status)
            throw error
        }
        status.endedAt = now().seconds
        try folder.keep(status)
        return status.report
    }

    /// What killed imports and syncs left.
    private func collect(_ now: MetadataTime) throws {
        try library.collectLeftovers()
        try library.collectTransfers(now: now.seconds)
    }

    private func sync(_ selection: SiteSelection, _ status: inout SiteStatus, _ now: @Sendable () -> MetadataTime) async throws {
        let listing = try await client.listing()
        let wanted = listing.filter { selection.includes($0.key) }
        status.report.unmatched = selection.unmatched(by: listing)
        for tag in status.report.unmatched { logger.warning("site_tag_not_listed", metadata: ["tag": "\(tag)"]) }
        var present: [UpdateKey: Digest] = [:]
        for update in try library.verdicts.listed() { present[update.key] = update.inventory }
        var broken: (any Error)?
        for update in wanted {
            var entry = SyncReport.Entry(update: update.key.path, outcome: .unchanged)
            if present[update.key] != update.inventory {
                if let broken {
                    entry = SyncReport.Entry(update: update.key.path, outcome: .failed, reason: "not tried: \(broken)")
                } else {
                    entry = try await bring(update, now, &broken)
                }
            }
            status.report.updates.append(entry)
            if entry.outcome == .fetched || entry.outcome == .unchanged, !status.known.contains(update.key) {
                status.known.append(update.key)
            }
        }
        if status.report.isComplete { try library.collectTransfers(now: nil) }
        if removal != nil { await prune(listing, selection, &status) }
    }

    /// - Parameter broken: set when what went wrong concerns every further update too.
    private func bring(
        _ update: ListedUpdate, _ now: @Sendable () -> MetadataTime, _ broken: inout (any Error)?
    ) async throws -> SyncReport.Entry {
        let key = update.key
        let source = client.source(of: key)
        do {
            let inventory = try await client.inventory(of: update)
            guard !library.holds(inventory, as: key) else { return .init(update: key.path, outcome: .unchanged) }
            logger.info("site_update_began", metadata: ["update": "\(key)", "bytes": "\(update.bytes)"])
            let report = try await UpdateTransfer(
                library: library, settings: settings, limits: limits, parallel: parallel, progress: { [progress] in progress(key, $0) }
            ).run(key, inventory: inventory, from: source, now: now())
            var entry = SyncReport.Entry(update: key.path, outcome: report.isAccepted ? .fetched : .refused)
            entry.bytesFetched = source.bytes
            entry.bytesShared = report.sharedBytes
            if let first = report.findings.first(where: \.isFatal) {
                entry.reason = "\(first)"
                entry.findings = Array(report.findings.filter(\.isFatal).prefix(100))
                logger.warning("site_update_refused", metadata: ["update": "\(key)", "first": "\(first)"])
            } else {
                logger.notice("site_update_fetched", metadata: ["update": "\(key)", "bytes": "\(entry.bytesFetched)"])
            }
            return entry
        } catch {
            try Task.checkCancellation()
            if Self.concernsAll(error) { broken = error }
            logger.warning("site_update_failed", metadata: ["update": "\(key)", "reason": "\(error)"])
            var entry = SyncReport.Entry(update: key.path, outcome: .failed, reason: "\(error)")
            entry.bytesFetched = source.bytes
            return entry
        }
    }

    private static func concernsAll(_ error: any Error) -> Bool {
        switch error {
        case let error as SiteSyncError: error.concernsAll
        case let error as UpdateTreeError: error.code == .storageFull || error.code == .storage
        case let error as TransferError: error.code == .busy
        default: false
        }
    }
}
