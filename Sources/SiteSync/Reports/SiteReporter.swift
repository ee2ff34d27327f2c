import DeviceAuth
import FileTree
import Fleet
import UpdateTree

/// Makes the reports of this site.
///
/// ```swift
/// let report = try reporter.make(now: now)
/// try await send(report.bytes)
/// try reporter.acknowledge(report.sequence)
/// ```
///
/// Events and lines of the audit log go into every report until upstream acknowledged one that holds them: a report that
/// was lost on the way, or on a stick, loses nothing. Upstream takes each line once.
public final class SiteReporter: Sendable {
    private let signer: DocumentSigner
    private let name: SiteName
    private let state: SiteReporterState
    private let sources: SiteReportSources

    /// - Parameters:
    ///   - folder: `DATADIR/site`, where the reporter keeps how far it is.
    ///   - signer: the site's `client.pem` and `pkey.pem`.
    public init(folder: Directory, signer: DocumentSigner, sources: SiteReportSources) throws(DeviceAuthError) {
        name = try SiteName(signer.name)
        self.signer = signer
        state = SiteReporterState(folder: folder)
        self.sources = sources
    }

    /// A report of how things are now, signed. Its number is kept before it is returned: no two reports have the same.
    ///
    /// - Parameter now: seconds since 1970.
    public func make(now: Int64) throws -> SignedSiteReport {
        try state.whileLocked {
            var progress = try state.load()
            let events = try unreported(progress.acknowledged)
            let audit = try sources.audit(progress.acknowledged.audit + 1).map { SiteReport.AuditLine(number: $0.number, line: $0.text) }
            let report = SiteReport(
                site: name, madeAt: now, sequence: progress.nextSequence(now: now),
                updates: try sources.updates().map { SiteReport.Update($0) }, devices: try sources.devices(), events: events, audit: audit)
            let document = try report.document()
            let envelope = SiteReportEnvelope(report: document, signature: try signer.sign(document), certificate: signer.certificatePEM)
            let bytes = try envelope.encoded()
            guard bytes.count <= SiteReportEnvelope.largest else {
                throw SiteReportError(
                    .tooLarge, "the report has \(bytes.count) bytes, more than \(SiteReportEnvelope.largest); the site has too many devices"
                )
            }
            progress.note(report)
            try state.save(progress)
            return SignedSiteReport(sequence: report.sequence, bytes: bytes)
        }
    }

    /// Notes that upstream has the report: its lines need not go there again. What is not known any more is passed over.
    public func acknowledge(_ sequence: Int64) throws { try Self.acknowledge(sequence, in: state.folder) }

    /// The same, where the rest of a reporter is not at hand: a bundle brings an acknowledgement too.
    ///
    /// - Parameter folder: `DATADIR/site`.
    public static func acknowledge(_ sequence: Int64, in folder: Directory) throws {
        let state = SiteReporterState(folder: folder)
        try state.whileLocked {
            var progress = try state.load()
            guard progress.acknowledge(sequence) else { return }
            try state.save(progress)
        }
    }

    private func unreported(_ position: SiteReporterProgress.Position) throws -> [SiteReport.Event] {
        var events: [SiteReport.Event] = []
        var bytes = 0
        for rollout in try sources.rollouts() {
            var offset = position.rollouts[rollout.text] ?? 0
            while events.count < Self.mostLines, bytes < Self.mostBytes {
                let run = try sources.lines(rollout, offset)
                guard let last = run.last else { break }
                for line in run.prefix(Self.mostLines - events.count) where Self.isLine(line.text) {
                    events.append(SiteReport.Event(rollout: rollout, next: line.next, line: line.text))
                    bytes += line.text.utf8.count
                }
                offset = last.next
            }
        }
        return events
    }

    /// Lines of rollouts in one report, and their bytes; the rest comes with the next ones.
    static let mostLines = SiteReport.mostLines
    static let mostBytes = 8 << 20

    /// Upstream refuses a report with anything else.
    private static func isLine(_ text: String) -> Bool {
        text.utf8.count <= SiteReport.longestLine && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
