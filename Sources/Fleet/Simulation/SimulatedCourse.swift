import DeviceAuth

/// One simulation on its way: phase after phase, device after device.
struct SimulatedCourse {
    private let plan: RolloutPlan
    private let now: Int64
    private var window: WindowClock
    private let openHours: UInt32
    /// When the next phase opens; nil when it does not.
    private var opening: Int64?
    /// When devices that were offered the update give their place free.
    private var underway = TimeHeap()
    private var failures = 0
    /// Devices of all phases.
    private let total: Int
    /// Devices that bring no last news, and those whose turn never comes.
    private var endless = 0
    private var unoffered = 0
    /// When the last device brings its last news; nil when one never does.
    private(set) var endsAt: Int64?
    private(set) var phases: [RolloutSimulation.Phase] = []
    private(set) var misses: [RolloutSimulation.Miss: [DeviceID]] = [:]
    private(set) var present = 0
    private(set) var held: [DeviceID] = []
    private(set) var warnings: [RolloutSimulation.Warning] = []

    init(_ plan: RolloutPlan, of total: Int, at now: Int64, begins: Int64) {
        self.total = total
        self.plan = plan
        self.now = now
        window = WindowClock(plan.window)
        openHours = plan.window.map { WindowClock.meets($0, from: begins) } ?? .max
        opening = begins
        endsAt = begins
    }

    mutating func run(_ devices: [SimulatedDevice], in number: Int) {
        let step = plan.steps[number - 1]
        var phase = RolloutSimulation.Phase(number: number, name: step.name, devices: devices.count)
        phase.opensAt = opening
        // Who misses what does not depend on when the phase opens.
        for device in devices { noteMiss(of: device) }
        var successes: [Int64] = []
        var timeouts = 0
        var cursor = opening
        for device in devices {
            switch offer(to: device, &cursor) {
            case .success(let time): successes.append(time)
            case .timeout: timeouts += 1
            case .never: break
            }
        }
        successes.sort()
        phase.succeeding = successes.count
        failures += timeouts
        finish(&phase, step, successes, timeouts)
        phases.append(phase)
    }

    private enum Outcome {
        case success(Int64)
        /// At its deadline.
        case timeout
        case never
    }

    /// Offers the update at `cursor` or as soon after it as the cap and the window let it.
    private mutating func offer(to device: SimulatedDevice, _ cursor: inout Int64?) -> Outcome {
        if case .present = device.eligibility { present += 1 }
        if case .needs = device.eligibility { held.append(device.id) }
        switch device.eligibility {
        case .eligible, .present: break
        case .needs, .excluded:
            endless += 1
            return .never
        }
        guard var time = cursor.flatMap({ window.opening(after: $0) }) else {
            unoffered += 1
            return .never
        }
        if case .present = device.eligibility { return .success(time) }
        if let cap = plan.cap {
            while let done = underway.first, done <= time { _ = underway.removeFirst() }
            if underway.count >= cap {
                // The place of one that never ends is never free.
                guard let free = underway.removeFirst(), free < .max, let next = window.opening(after: free) else {
                    cursor = nil
                    unoffered += 1
                    return .never
                }
                time = next
            }
        }
        cursor = time
        let outcome = outcome(of: device, offered: time)
        if plan.cap != nil { underway.insert(outcome.end) }
        if outcome.end == .max { endless += 1 } else { endsAt = endsAt.map { max($0, outcome.end) } }
        return outcome.outcome
    }

    private func outcome(of device: SimulatedDevice, offered time: Int64) -> (outcome: Outcome, end: Int64) {
        let deadline = plan.deadline.map { time + $0.seconds }
        let contact = isExpected(device) ? device.contact(after: time) : nil
        if let contact, contact < deadline ?? .max {
            let end = contact + RolloutSimulation.duration
            return (.success(end), end)
        }
        return deadline.map { (.timeout, $0) } ?? (.never, .max)
    }

    private func isExpected(_ device: SimulatedDevice) -> Bool {
        device.lastSeen > 0 && now - device.lastSeen <= plan.deadline?.seconds ?? RolloutSimulation.quiet
    }

    private mutating func noteMiss(of device: SimulatedDevice) {
        if case .present = device.eligibility { return }
        if device.lastSeen == 0 {
            misses[.neverSeen, default: []].append(device.id)
        } else if !isExpected(device) {
            misses[.silent, default: []].append(device.id)
        } else if device.habit & openHours == 0 {
            misses[.outsideWindow, default: []].append(device.id)
        }
    }

    // MARK: Phases

    private mutating func finish(
        _ phase: inout RolloutSimulation.Phase, _ step: RolloutPhase, _ successes: [Int64], _ timeouts: Int
    ) {
        defer { opening = phase.endsAt }
        guard let opened = phase.opensAt else { return }
        warnOfLimits(phase, step, timeouts)
        var met: Int64? = opened
        if let gate = step.gate {
            let needed = (gate * phase.devices + 99) / 100
            met = needed == 0 ? opened : needed <= successes.count ? max(opened, successes[needed - 1]) : nil
        }
        phase.endsAt = met.map { $0 + (step.soak?.seconds ?? 0) }
        guard met != nil else {
            return warn(
                .gateOutOfReach,
                "phase \(phase.number): \(successes.count) of \(phase.devices) devices would succeed; the gate is \(step.gate ?? 0) %")
        }
        if step.then == .pause, phase.number < plan.steps.count {
            warn(.planPauses, "the plan pauses the rollout after phase \(phase.number); the times behind it hold if it is resumed at once")
        }
    }

    private mutating func warnOfLimits(_ phase: RolloutSimulation.Phase, _ step: RolloutPhase, _ timeouts: Int) {
        if let limit = step.errorLimit, limit.isExceeded(by: timeouts, of: phase.devices) {
            warn(.errorLimit, "phase \(phase.number): \(timeouts) of \(phase.devices) devices would miss the deadline, more than \(limit)")
        }
        if let limit = plan.errorLimit, timeouts > 0, limit.isExceeded(by: failures, of: total) {
            warn(.errorLimit, "with phase \(phase.number), \(failures) of \(total) devices would miss the deadline, more than \(limit)")
        }
    }

    /// To be called behind the last phase.
    mutating func end() {
        if unoffered > 0 { warn(.neverOffered, "\(unoffered) devices would never be offered the update") }
        if endless > 0 {
            warn(.neverEnds, "\(endless) devices would bring no last news; a deadline ends the wait for those that are silent")
        }
        if plan.targets?.isDynamic == true { warn(.neverEnds, "the rollout is dynamic: it stays open for devices that match later") }
        if warnings.contains(where: { [.neverOffered, .neverEnds, .gateOutOfReach].contains($0.slug) }) { endsAt = nil }
    }

    private mutating func warn(_ slug: RolloutSimulation.Warning.Slug, _ sentence: String) {
        warnings.append(RolloutSimulation.Warning(slug: slug, sentence: sentence))
    }
}
