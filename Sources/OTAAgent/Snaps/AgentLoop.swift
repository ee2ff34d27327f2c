import Foundation
import Logging
import Snaps
import SoftwareAgent

/// Drives the agent's decisions: step after step, the record on the disk before the next one.
struct AgentLoop: Sendable {
    let runner: StepRunner<SnapdSocket, ServerClient>
    let store: AgentStore
    let files: SnapFiles
    let timing: AgentTiming
    let isOnce: Bool
    let logger: Logger

    /// A run of one round does not wait longer than this for another attempt. Milliseconds.
    private static let patience: Int64 = 10_000

    /// Returns when its task is cancelled; of one round when nothing is left.
    func run() async throws {
        let (record, damage) = try store.load()
        if let damage { logger.error("state moved aside", metadata: ["reason": "\(damage.message)"]) }
        var state = AgentState(record, timing: timing, now: Self.now)
        try files.tidy(keeping: record.required?.snaps ?? [])
        var wasReached = true
        while !Task.isCancelled {
            let now = Self.now
            switch state.turn(at: now) {
            case .step(let step):
                begin(step, &state)
                let event = await runner.run(step)
                // What a stopped step came to is not known: the next start looks it up.
                if Task.isCancelled { return try stopped(state, within: step) }
                if step == .heartbeat, event == .serverFailed { wasReached = false }
                try take(event, &state)
            case .wait(let time):
                if isOnce, try hasEnded(state, wasReached: wasReached, wait: time - now) { return }
                try? await Task.sleep(for: .milliseconds(max(1, time - now)))
            }
        }
        try stopped(state, within: nil)
    }

    /// Of one round: whoever waits for it is to know that it did not come to its end.
    private func stopped(_ state: AgentState, within step: Step?) throws {
        if isOnce, step != nil || !state.kept.isQuiet { throw unfinished }
    }

    private var unfinished: SoftwareAgentError {
        SoftwareAgentError(
            .snapdRefused, "not everything could be done this time; it is kept in \(store.directory.path) for the next run")
    }

    private func begin(_ step: Step, _ state: inout AgentState) {
        guard step == .heartbeat else { return logger.debug("step", metadata: ["step": "\(step)"]) }
        if isOnce { state.endHeartbeats() } else { state.beginHeartbeat(at: Self.now, chance: .random(in: 0...1)) }
    }

    private func take(_ event: AgentEvent, _ state: inout AgentState) throws {
        let before = state.kept
        state.apply(event, at: Self.now, chance: .random(in: 0...1))
        guard state.kept != before else { return }
        tell(event)
        try store.save(state.kept)
        if before.required?.id != state.kept.required?.id || before.required?.snaps != state.kept.required?.snaps {
            tell(before.required, state.kept.required, after: event)
            try files.tidy(keeping: state.kept.required?.snaps ?? [])
        }
    }

    /// Of one round: whether nothing is left.
    private func hasEnded(_ state: AgentState, wasReached: Bool, wait: Int64) throws -> Bool {
        if state.kept.isQuiet {
            guard wasReached else { throw SoftwareAgentError(.serverUnreachable, "the server was not reached; see the line before") }
            return true
        }
        guard wait <= Self.patience else { throw unfinished }
        return false
    }

    // MARK: Log

    private func tell(_ before: RequiredInstallRecord?, _ after: RequiredInstallRecord?, after event: AgentEvent) {
        if let after {
            let names = after.snaps.map(\.name.text).joined(separator: " ")
            logger.info("required snaps accepted", metadata: ["id": "\(after.id)", "snaps": "\(names)"])
        } else if let before {
            // Only the list of snaps ends it; all else takes it back.
            let words = if case .listed = event { "required snaps are there" } else { "nothing is required any more" }
            logger.info("\(words)", metadata: ["id": "\(before.id)"])
        }
    }

    private func tell(_ event: AgentEvent) {
        switch event {
        case .fetched(let snap): logger.info("fetched", metadata: ["snap": "\(snap.name)"])
        case .acknowledged(let snap): logger.info("acknowledged", metadata: ["snap": "\(snap.name)"])
        case .started(let change, _): logger.info("change begun", metadata: ["change": "\(change)"])
        case .refused(let refusal, _): logger.warning("snapd refuses", metadata: ["reason": "\(refusal.message)"])
        case .polled(let change?, _) where change.isReady:
            logger.info(
                "change ended", metadata: ["change": "\(change.id)", "status": "\(change.status)", "reason": "\(change.failure ?? "")"])
        case .polled(nil, _): logger.warning("snapd has forgotten a change")
        case .performed(let success, let message, _):
            logger.info("order done", metadata: ["success": "\(success)", "reason": "\(message)"])
        default: break
        }
    }

    /// Milliseconds since 1970.
    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}
