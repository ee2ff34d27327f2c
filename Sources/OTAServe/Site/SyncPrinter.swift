import ArgumentParser
import SiteSync

/// Prints what a sync did, and ends the command with the code that says whether to try again.
struct SyncPrinter {
    let output: OutputFormat

    func print(_ report: SyncReport) throws {
        switch output {
        case .json: try OutputFormat.printJSON(report)
        case .table:
            for tag in report.unmatched {
                StandardError.print("otaserve: warning: the upstream lists nothing of \(tag); is it granted to this site?")
            }
            Self.table(report)
            let bytes = ByteCount.text(report.bytesFetched)
            Swift.print("\(report.count(.fetched)) updates fetched (\(bytes)), \(report.count(.unchanged)) unchanged")
        }
        if report.count(.failed) > 0 { throw ExitCode(ExitStatus.tryAgain.rawValue) }
        if report.count(.refused) > 0 { throw ExitCode(ExitStatus.badData.rawValue) }
    }

    static func table(_ report: SyncReport) {
        guard !report.updates.isEmpty else { return Swift.print("the upstream lists no updates for this site") }
        OutputFormat.printTable(
            ["UPDATE", "OUTCOME", "FETCHED", "SHARED", "REASON"],
            report.updates.map { entry in
                [
                    entry.update, entry.outcome.rawValue, ByteCount.text(entry.bytesFetched), ByteCount.text(entry.bytesShared),
                    entry.reason ?? "-",
                ]
            })
    }
}
