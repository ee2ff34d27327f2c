import Admin
import UpdateTree

/// Prints what a check found, and ends the command with the right code when the update was refused.
struct ReportPrinter {
    let output: OutputFormat

    func print(_ report: UpdateReport, doing verb: String) throws {
        switch output {
        case .json: try OutputFormat.printJSON(UpdateReportDocument(report))
        case .table:
            for finding in report.findings {
                StandardError.print("\(finding.severity.rawValue): \(finding.path): \(finding.slug): \(finding.message)")
            }
            let unshown = report.fatalCount + report.warningCount - report.findings.count
            if unshown > 0 { StandardError.print("and \(unshown) more") }
            if report.isAccepted {
                let shared =
                    report.sharedFiles > 0 ? ", \(report.sharedFiles) of them already here (\(ByteCount.text(report.sharedBytes)))" : ""
                Swift.print("\(verb)ed \(report.key): \(report.images.map(\.name).joined(separator: ", "))")
                Swift.print("\(report.files) files, \(ByteCount.text(report.bytes))\(shared)")
                if report.metadataGenerated { Swift.print("the metadata were made and signed here") }
            }
        }
        guard report.isAccepted else {
            throw UpdateTreeError(
                .updateRefused, "\(report.key) was not \(verb)ed: \(report.fatalCount) fatal findings; mend them and try again")
        }
    }
}

/// Bytes as a person reads them.
enum ByteCount {
    static func text(_ bytes: Int64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        if unit == 0 { return "\(bytes) B" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
