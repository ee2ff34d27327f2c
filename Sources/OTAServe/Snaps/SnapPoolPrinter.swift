import UpdateTree

/// Prints what the check of a pool found, and ends the command with the right code when it was refused.
enum SnapPoolPrinter {
    static func print(_ report: SnapPoolReport) throws {
        for finding in report.findings { StandardError.print("\(finding.severity.rawValue): \(finding)") }
        guard report.isAccepted else {
            throw UpdateTreeError(
                .snapInvalid,
                "the pool \(report.key) is not served: \(report.findings.count(where: \.isFatal)) fatal findings; mend them and check it again"
            )
        }
    }
}
