import UpdateTree

/// Prints what a check of the store found and what was done about it.
struct StoreReportPrinter {
    let output: OutputFormat

    func print(_ report: StoreReport, _ mends: [StoreMend]) throws {
        switch output {
        case .json: try OutputFormat.printJSON(StoreReportDocument(report, mends))
        case .table:
            for finding in report.findings {
                let updates = finding.updates.isEmpty ? "" : " (in \(finding.updates.map(\.path).joined(separator: ", ")))"
                StandardError.print("\(finding.isDamage ? "damaged" : "warning"): \(finding)\(updates)")
            }
            for mend in mends {
                for sentence in mend.tried { StandardError.print("tried: \(sentence)") }
                Swift.print("\(mend.content.pathInStore): \(mend.outcome.sentence)")
            }
            Swift.print("\(report.files) files, \(ByteCount.text(report.bytes)), \(report.damageCount) damaged")
        }
    }
}

/// The same for programs.
struct StoreReportDocument: Encodable {
    struct Finding: Encodable {
        let kind: String
        let path: String
        let slug: String
        let message: String
        let isDamage: Bool
        let updates: [String]
    }

    struct Mend: Encodable {
        let path: String
        let outcome: String
        let from: String?
        let isMended: Bool
        let updates: [String]
        let tried: [String]
    }

    let files: Int64
    let bytes: Int64
    let damaged: Int
    let findings: [Finding]
    let mends: [Mend]

    init(_ report: StoreReport, _ mends: [StoreMend]) {
        files = report.files
        bytes = report.bytes
        damaged = report.damageCount
        findings = report.findings.map { finding in
            Finding(
                kind: finding.kind.rawValue, path: finding.path, slug: finding.slug, message: finding.message,
                isDamage: finding.isDamage, updates: finding.updates.map(\.path))
        }
        self.mends = mends.map { mend in
            Mend(
                path: mend.content.pathInStore, outcome: mend.outcome.word, from: mend.outcome.origin, isMended: mend.isMended,
                updates: mend.updates.map(\.path), tried: mend.tried)
        }
    }
}

extension StoreMend.Outcome {
    fileprivate var word: String {
        switch self {
        case .restored: "restored"
        case .nothingToDo: "nothing-to-do"
        case .removed: "removed"
        case .setAside: "set-aside"
        case .left: "left"
        }
    }

    fileprivate var origin: String? {
        guard case .restored(let origin) = self else { return nil }
        return origin
    }

    fileprivate var sentence: String {
        switch self {
        case .restored(let origin): "restored from \(origin)"
        case .nothingToDo: "right again"
        case .removed: "removed; no update held it"
        case .setAside: "set aside; the updates that hold it are refused"
        case .left: "could not be read, and was left as it is; look at the disk"
        }
    }
}
