import Synchronization

/// What a route says about its own line in the audit log, where the path alone does not tell.
final class AuditNote: Sendable {
    private struct State {
        var subject: String?
        var isSuppressed = false
    }

    private let state = Mutex(State())

    /// What was done, and to what. No secret.
    func name(_ subject: String) { state.withLock { $0.subject = subject } }

    /// Nothing was changed: no line.
    func suppress() { state.withLock { $0.isSuppressed = true } }

    var subject: String? { state.withLock { $0.subject } }
    var isSuppressed: Bool { state.withLock { $0.isSuppressed } }
}
