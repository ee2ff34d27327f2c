import Synchronization

/// Fails writes of the stand-ins: the n-th one, and all that follow when it stands for a killed process.
final class Fault: Sendable {
    enum Kind: CaseIterable, Sendable {
        /// The write fails, and so does all that follows.
        case killedBefore
        /// The write is done, but nobody hears of it; all that follows fails.
        case killedAfter
        /// The write fails, the next one works.
        case failsOnce
        /// The write is done and reported as failed, the next one works.
        case doneAndReportedAsFailed
    }

    struct Hit: Error {}

    private let state: Mutex<(left: Int, kind: Kind, wasHit: Bool)>

    /// - Parameter number: which write fails, counted from 1; 0 for none.
    init(atWrite number: Int = 0, _ kind: Kind = .failsOnce) { state = Mutex((number, kind, false)) }

    var wasHit: Bool { state.withLock { $0.wasHit } }

    /// Lets the next write fail, whichever it is.
    func arm(_ kind: Kind = .failsOnce) { state.withLock { $0 = (1, kind, false) } }

    func write<Result>(_ body: () throws -> Result) throws -> Result {
        let (isHit, kind) = state.withLock { state in
            if state.wasHit, state.kind == .killedBefore || state.kind == .killedAfter { return (true, Kind.killedBefore) }
            state.left -= 1
            if state.left == 0 { state.wasHit = true }
            return (state.left == 0, state.kind)
        }
        guard isHit else { return try body() }
        if kind == .killedAfter || kind == .doneAndReportedAsFailed { _ = try body() }
        throw Hit()
    }
}
