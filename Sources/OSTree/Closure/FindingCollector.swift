import Synchronization

/// Gathers findings from all workers. Of each severity the first thousand are kept: a repository that is wrong as a
/// whole must not fill the memory with the same sentence.
final class FindingCollector: Sendable {
    static let mostKept = 1_000

    private struct State {
        var errors: [ObjectFinding] = []
        var warnings: [ObjectFinding] = []
        var errorCount = 0
        var warningCount = 0
    }

    private let state = Mutex(State())

    func add(_ path: String, _ error: OSTreeError) {
        // Whoever stopped the check is told by the report.
        guard error.code != .cancelled else { return }
        state.withLock { state in
            if error.code.isWarning {
                state.warningCount += 1
                if state.warnings.count < Self.mostKept { state.warnings.append(ObjectFinding(path, error)) }
            } else {
                state.errorCount += 1
                if state.errors.count < Self.mostKept { state.errors.append(ObjectFinding(path, error)) }
            }
        }
    }

    func fill(_ report: inout ClosureReport) {
        let state = state.withLock { $0 }
        func isBefore(_ left: ObjectFinding, _ right: ObjectFinding) -> Bool {
            (left.path, left.code.rawValue) < (right.path, right.code.rawValue)
        }
        report.findings = state.errors.sorted(by: isBefore) + state.warnings.sorted(by: isBefore)
        report.errors = state.errorCount
        report.warnings = state.warningCount
    }
}
