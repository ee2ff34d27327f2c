import UpdateTree

extension RolloutMembership {
    /// Why a device of a started rollout has not been offered the update yet, or how far it is with it.
    func reasons(for state: DeviceState, at now: Int64) -> [Explanation.Reason] {
        guard let device else { return [waiting(at: now)] }
        guard device.stage == .waiting else { return [stand(of: device)] }
        var reasons: [Explanation.Reason] = []
        if let pause { reasons.append(paused(pause)) }
        let isOpen = device.phase <= current?.number ?? 0
        if !isOpen { reasons += closed(device.phase, at: now) }
        if let window = plan.window, !window.isOpen(at: now) {
            let opening = window.opening(after: now).map { "until \(Moment.text($0))" } ?? "for ten days and more"
            reasons.append(.init(.windowShut, "the window of the rollout \(rollout) is shut \(opening)"))
        }
        if let cap = plan.cap, underway >= cap {
            reasons.append(.init(.capReached, "\(underway) devices are updating at once; the cap of the rollout is \(cap)"))
        }
        reasons += eligibility(of: state)
        // Within a second or so.
        if reasons.isEmpty { reasons.append(.init(.turnAwaited, "phase \(device.phase) is open and the device's turn comes in a moment")) }
        return reasons
    }

    /// Why a rollout that was started has not begun.
    func waiting(at now: Int64) -> Explanation.Reason {
        if let pause { return paused(pause) }
        if let startAt = plan.startAt, startAt > now {
            return .init(.rolloutScheduled, "the rollout \(rollout) of \(update) begins at \(Moment.text(startAt))")
        }
        if plan.needsApproval, !isApproved {
            return .init(.rolloutNeedsApproval, "the rollout \(rollout) of \(update) waits for an approval by a second person")
        }
        return .init(.rolloutScheduled, "the rollout \(rollout) of \(update) begins in a moment")
    }

    private func paused(_ pause: Pause) -> Explanation.Reason {
        .init(.rolloutPaused, "the rollout \(rollout) is paused by \(pause.by): \(pause.sentence)")
    }

    private func closed(_ phase: Int, at now: Int64) -> [Explanation.Reason] {
        guard let current else { return [.init(.phaseNotOpen, "phase \(phase) of \(phaseCount) is not open; none is yet")] }
        let number = current.number
        var reasons = [Explanation.Reason(.phaseNotOpen, "phase \(phase) of \(phaseCount) is not open; phase \(number) is")]
        if let gate = current.plan.gate, current.gateMetAt == nil {
            reasons.append(
                .init(
                    .gateNotMet,
                    "phase \(number) is at \(current.percentSucceeded) % of its gate of \(gate) %: "
                        + "\(current.counts[.succeeded]) of \(current.size) devices succeeded"))
        } else if let met = current.gateMetAt, let soak = current.plan.soak, met + soak.seconds > now {
            reasons.append(.init(.soaking, "phase \(number) soaks until \(Moment.text(met + soak.seconds))"))
        }
        if current.plan.then == .pause { reasons.append(.init(.pauseAhead, "the plan pauses the rollout after phase \(number)")) }
        return reasons
    }

    private func eligibility(of state: DeviceState) -> [Explanation.Reason] {
        switch Eligibility.of(state, for: update, targets: targets, minVersion: plan.minVersion) {
        case .eligible, .present: return []
        case .needs(let version):
            let present = state.targetName.map { target in DeviceFacts.version(ofTarget: target).map(String.init) ?? target }
            let runs = present.map { "runs \($0)" } ?? "has not told what it runs"
            return [.init(.versionNeeded, "the device needs version \(version) first; it \(runs)")]
        case .excluded(.otherTag):
            let tag = state.tag.map { "its tag is \($0)" } ?? "it has none"
            return [.init(.tagDiffers, "the rollout is for devices with the tag \(update.tag); \(tag)")]
        case .excluded(.otherChannel):
            return [
                .init(
                    .channelDiffers,
                    "the rollout is for devices of \(update.channel.rawValue); its certificate is of \(state.channel.rawValue)")
            ]
        // Told as reasons of the device.
        case .excluded(.denied), .excluded(.unknown): return []
        }
    }

    private func stand(of device: DeviceProgress) -> Explanation.Reason {
        let at = "at \(Moment.text(device.lastNews))"
        switch device.stage {
        case .offered where !device.wasSeen:
            return .init(.notSeenSinceOffer, "the device was offered \(update) \(at) and has not made contact since")
        case .succeeded: return .init(.succeeded, "the device has \(update); it succeeded \(at)")
        case .failed: return .init(.failed, "the device failed \(at): \(device.failure ?? "no reason was told")")
        case .timedOut: return .init(.timedOut, "the device was silent until its deadline, \(at)")
        default:
            return .init(.underway, "the device is \(device.stage.name)" + (device.status.map { ", last with \($0)," } ?? "") + " \(at)")
        }
    }
}
