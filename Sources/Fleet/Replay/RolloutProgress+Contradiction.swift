import DeviceAuth

/// What a line cannot say in the state that the lines before it made. Pure, and in constant time.
extension RolloutProgress {
    /// Seconds between deciding and storing that an offer may lie behind the end of the window.
    private static let tolerance: Int64 = 60

    func contradiction(of line: RolloutLine) -> (ReplayFinding.Slug, String)? {
        switch line {
        case .at(let seconds):
            guard seconds < time else { return nil }
            return (.timeBackwards, "\(Moment.text(seconds)) comes after \(Moment.text(time))")
        case .offered(let id, _): return offer(to: id)
        case .skipped: return nil
        case .joined(let id):
            if !hasStarted || state == .aborted || state == .reverted {
                return (.lineImpossible, "\(id) joined a rollout that is \(state.rawValue)")
            }
            if let stage = self[id]?.stage, !stage.hasLeft {
                return (.lineImpossible, "\(id) joined and was there already, as \(stage.name)")
            }
            return nil
        default: return line.device.map { news(line, of: $0) } ?? transition(line)
        }
    }

    private func offer(to id: DeviceID) -> (ReplayFinding.Slug, String)? {
        guard let device = self[id] else { return (.deviceUnknown, "\(id) was offered the update and is none of the rollout's devices") }
        guard device.stage == .waiting else { return (.offeredTwice, "\(id) was offered the update again; it is \(device.stage.name)") }
        guard state == .running else { return (.offeredWhileStill, "\(id) was offered the update while the rollout was \(state.rawValue)") }
        guard device.phase <= current?.number ?? 0 else {
            return (.offeredBeforePhase, "\(id) was offered the update and its phase \(device.phase) had not opened")
        }
        guard let window = plan.window, !window.isOpen(at: time), !window.isOpen(at: time - Self.tolerance) else { return nil }
        return (.offeredOutsideWindow, "\(id) was offered the update at \(Moment.text(time)), when the window was shut")
    }

    private func news(_ line: RolloutLine, of id: DeviceID) -> (ReplayFinding.Slug, String)? {
        guard let stage = self[id]?.stage else {
            return (.deviceUnknown, "\(line.word) is about \(id), which is none of the rollout's devices")
        }
        switch line {
        case .status where stage == .waiting: return (.lineImpossible, "\(id) reported before it was offered the update")
        case .timedOut where stage == .waiting || plan.deadline == nil:
            return (.lineImpossible, "\(id) cannot have missed a deadline; it is \(stage.name)")
        case .putBack where state != .aborted && state != .reverted:
            return (.lineImpossible, "\(id) was put back by a rollout that is \(state.rawValue)")
        default: return nil
        }
    }

    private func transition(_ line: RolloutLine) -> (ReplayFinding.Slug, String)? {
        let isPossible: Bool
        switch line {
        case .scheduled: isPossible = state == .draft
        case .approved: isPossible = !hasStarted && (state == .scheduled || state == .paused)
        case .started: isPossible = !hasStarted && (state == .draft || state == .scheduled)
        case .phase(let number): isPossible = state == .running && number == (current?.number ?? 0) + 1 && number <= phases.count
        case .gate(let number, _): isPossible = state == .running && number <= current?.number ?? 0
        case .paused: isPossible = state == .running || state == .scheduled
        case .resumed: isPossible = state == .paused
        case .completed: isPossible = state == .running && hasOpenedAll && openCount == 0
        case .aborted: isPossible = !state.hasEnded
        case .reverted: isPossible = hasStarted && state != .reverted
        case .settled: isPossible = isUnsettled
        default: isPossible = true
        }
        guard !isPossible else { return nil }
        let phase = current.map { "in phase \($0.number)" } ?? "no phase open"
        return (.lineImpossible, "\(line.text) cannot follow: the rollout was \(state.rawValue), \(phase), \(openCount) devices open")
    }
}
