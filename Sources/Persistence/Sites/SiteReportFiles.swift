import DeviceAuth
import FileTree
import Fleet
import Foundation
import Glibc
import Synchronization
import UpdateTree

/// Keeps what sites reported: `sites/<name>/` with `report.json`, `receipt.json`, `events` and `audit`.
///
/// The receipt is written last and says how long the other files were then: what a killed process wrote behind that is
/// taken away before the next report's lines are added. So a line is there once, however often it comes.
public final class SiteReportFiles: SiteReportStore {
    private struct Held {
        let digest: String
        let report: SiteReport
    }

    private let root: Directory
    /// The report that was read last: its devices are read page by page.
    private let held = Mutex<Held?>(nil)
    private let step: @Sendable (Step) throws -> Void

    /// Where a test kills.
    enum Step: CaseIterable, Sendable { case beforeLines, afterLines, afterReport, afterReceipt }

    private static let lockName = "lock"
    private static let largestReceipt = 16 << 20

    public convenience init(dataDirectory: Directory) throws { try self.init(dataDirectory: dataDirectory, step: { _ in }) }

    init(dataDirectory: Directory, step: @escaping @Sendable (Step) throws -> Void) throws {
        root = try dataDirectory.makeDirectory("sites", mode: 0o700)
        self.step = step
    }

    // MARK: Reading

    public func receipts() throws -> [SiteReceipt] {
        try root.names().compactMap { name in
            guard let site = try? SiteName(name) else { return nil }
            return try receipt(of: site)
        }
    }

    public func receipt(of site: SiteName) throws -> SiteReceipt? { try folder(of: site).flatMap { try Self.state(in: $0)?.receipt } }

    public func report(of site: SiteName) throws -> SiteReport? {
        guard let folder = try folder(of: site), let state = try Self.state(in: folder) else { return nil }
        // Killed between the two, the report is newer than its receipt: it was checked all the same.
        let document = try folder.contents(of: "report.json", limit: SiteReportEnvelope.largest)
        let digest = Digest(of: document).description
        if let held = held.withLock({ $0 }), held.digest == digest, held.report.site == site { return held.report }
        do {
            let report = try SiteReport(document: document).covered(by: state.grants.map { try SiteGrant($0) })
            held.withLock { $0 = Held(digest: digest, report: report) }
            return report
        } catch {
            throw PersistenceError(
                .corrupt, "sites/\(site)/report.json cannot be read: \(error); remove the directory and let the site report again")
        }
    }

    private func folder(of site: SiteName) throws -> Directory? {
        do {
            return try root.directory(site.text)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    private static func state(in folder: Directory) throws -> SiteReportState? {
        guard folder.entry("receipt.json") != nil else { return nil }
        do {
            return try JSONDecoder().decode(SiteReportState.self, from: Data(folder.contents(of: "receipt.json", limit: largestReceipt)))
        } catch {
            throw PersistenceError(
                .corrupt, "\(folder.path)/receipt.json cannot be read: \(error); remove the directory and let the site report again")
        }
    }

    // MARK: Writing

    public func store(_ verified: VerifiedSiteReport, receivedAt: Int64, via: SiteReceipt.Way) throws -> SiteReceipt {
        let folder = try root.makeDirectory(verified.report.site.text, mode: 0o700)
        let lock = try folder.openForWriting(Self.lockName, mode: 0o600)
        while flock(lock.number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileTreeError(errno: errno, doing: "lock", at: folder.path) }
        }
        defer { withExtendedLifetime(lock) {} }

        let receipt = SiteReceipt(verified, receivedAt: receivedAt, via: via)
        let last = try Self.state(in: folder)
        if let last, receipt.sequence <= last.receipt.sequence {
            guard receipt.sequence == last.receipt.sequence, receipt.digest == last.receipt.digest else {
                throw SiteReportError(
                    .replayed,
                    "a report of the site \(receipt.site) with the number \(last.receipt.sequence) came before; have a new one made")
            }
            return last.receipt
        }
        do {
            return try store(verified, receipt, behind: last, in: folder)
        } catch let error as FileTreeError {
            throw PersistenceError(error.code == .full ? .storageFull : .storage, error.message)
        }
    }

    private func store(
        _ verified: VerifiedSiteReport, _ receipt: SiteReceipt, behind last: SiteReportState?, in folder: Directory
    ) throws -> SiteReceipt {
        var state = SiteReportState(receipt, grants: verified.identity.grants, behind: last)
        try step(.beforeLines)
        let events = state.take(verified.report.events)
        let audit = state.take(verified.report.audit)
        state.eventsLength = try SiteLines.append(events, to: "events", at: state.eventsLength, in: folder)
        state.auditLength = try SiteLines.append(audit, to: "audit", at: state.auditLength, in: folder)
        try step(.afterLines)
        try folder.replace("report.json", with: verified.document, mode: 0o600)
        try step(.afterReport)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try folder.replace("receipt.json", with: try encoder.encode(state), mode: 0o600)
        try root.syncNames()
        try step(.afterReceipt)
        return receipt
    }
}
