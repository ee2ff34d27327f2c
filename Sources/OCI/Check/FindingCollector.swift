import Synchronization

/// Gathers findings from all workers. Of each severity the first thousand are kept: an update that is wrong as a
/// whole must not fill the memory with the same sentence.
final class FindingCollector: Sendable {
    static let mostKept = 1_000

    private struct State {
        var errors: [BlobFinding] = []
        var warnings: [BlobFinding] = []
        var errorCount = 0
        var warningCount = 0
    }

    private let state = Mutex(State())

    func add(_ path: String, _ error: OCIError) {
        // Whoever stopped the check is told by the report.
        guard error.code != .cancelled else { return }
        state.withLock { state in
            if error.code.isWarning {
                state.warningCount += 1
                if state.warnings.count < Self.mostKept { state.warnings.append(BlobFinding(path, error)) }
            } else {
                state.errorCount += 1
                if state.errors.count < Self.mostKept { state.errors.append(BlobFinding(path, error)) }
            }
        }
    }

    func fill(_ report: inout AppReport) {
        let state = state.withLock { $0 }
        func isBefore(_ left: BlobFinding, _ right: BlobFinding) -> Bool {
            (left.path, left.code.rawValue) < (right.path, right.code.rawValue)
        }
        report.findings = state.errors.sorted(by: isBefore) + state.warnings.sorted(by: isBefore)
        report.errors = state.errorCount
        report.warnings = state.warningCount
    }
}
