import DeviceAuth
import UpdateTree

/// What the engine does by itself.
extension RolloutOperations {
    /// For the clock, once a second: starts what is due, notes silence, lets devices join, and goes on.
    ///
    /// One rollout that fails holds no other up: its error is returned with its id.
    public func tick() async -> [(rollout: RolloutID, error: any Error)] {
        var failures: [(rollout: RolloutID, error: any Error)] = []
        let isTimeToLook = now() >= nextLook
        if isTimeToLook { nextLook = now() + Self.lookInterval }
        for id in board.ids {
            do { try await inTurn { try await look(after: id, isTimeToLook) } } catch { failures.append((id, error)) }
        }
        return failures
    }

    /// For whoever hears of ``RolloutBoard/due``.
    public func advance(_ id: RolloutID) async throws { try await inTurn { try await carryOn(id) } }

    private func look(after id: RolloutID, _ isTimeToLook: Bool) async throws {
        guard let state = board.look(at: id, { $0.progress.state }) else { return }
        if state == .scheduled { return try await beginIfDue(id) }
        guard state.isUnderway else { return }
        while let decision = board.silent(id, at: now()) { try await carryOut(decision, in: id) }
        if isTimeToLook, state == .running {
            board.retryHeld(id)
            try await admitLater(to: id)
        }
        try await carryOn(id)
    }

    private func beginIfDue(_ id: RolloutID) async throws {
        let rollout = try repository.load(id)
        let isApproved = board.look(at: id) { $0.progress.isApproved } ?? false
        guard isApproved || !rollout.plan.needsApproval, rollout.plan.startAt ?? .min <= now() else { return }
        do {
            try await begin(rollout, takesOver: false, because: rollout.plan.startAt == nil ? "it was approved" : "its time came")
        } catch let error as FleetError {
            guard error.code == .rolloutConflict || error.code == .updateUnknown else { throw error }
            // Somebody has to decide: it does not begin by itself at an hour when nobody expects it.
            try await store(id, [.paused(Pause(.rule(.start), error.message))], because: error.message)
            try mirror(id)
        }
    }

    /// Lets devices join a dynamic rollout that match by now and are no other rollout's.
    private func admitLater(to id: RolloutID) async throws {
        guard let targets = board.look(at: id, { $0.progress.plan.targets }) ?? nil, targets.isDynamic else { return }
        let rollout = try repository.load(id)
        let matching = try matching(targets, update: rollout.update)
        let new = board.look(at: id) { entry in matching.filter { entry.progress[$0] == nil } } ?? []
        let taken = Set(board.conflicts(of: new, with: id).map(\.device))
        try await join(new.filter { !taken.contains($0) }, to: rollout, takesOver: false)
    }

    /// Does everything that follows, until nothing does.
    func carryOn(_ id: RolloutID) async throws {
        try await makeUpFor(id)
        if unmirrored.contains(id) { try mirror(id) }
        while let decision = board.decide(id, at: now(), judge: judge) { try await carryOut(decision, in: id) }
    }

    /// The same for a rollout whose directory somebody may have taken away: that holds up no other.
    func carryOnIfThere(_ id: RolloutID) async throws {
        do {
            try await carryOn(id)
            if board.progress(of: id) != nil { try mirror(id) }
        } catch let error as FleetError {
            guard error.code == .rolloutUnknown else { throw error }
            board.remove(id)
        }
    }

    private nonisolated func judge(_ device: DeviceID, _ entry: RolloutBoard.Entry) -> (Eligibility, UpdateName?) {
        let state = registry.directory[device]?.state
        let eligibility = Eligibility.of(
            state, for: entry.update, targets: entry.targets, minVersion: entry.progress.plan.minVersion)
        return (eligibility, state?.updateName)
    }

    func carryOut(_ decision: RolloutDecision, in id: RolloutID) async throws {
        do {
            try await store(id, decision.lines, because: decision.because)
        } catch {
            board.takeBack(id)
            throw error
        }
        try await follow(decision.lines, in: id)
    }

    /// Does to the devices' records and to `rollout.json` what stored lines say.
    func follow(_ lines: [RolloutLine], in id: RolloutID) async throws {
        let assignments = lines.filter { line in
            switch line {
            case .offered, .putBack: true
            default: false
            }
        }
        unassigned[id, default: []] += assignments
        try await makeUpFor(id)
        if lines.contains(where: { $0.device == nil }) { try mirror(id) }
        guard lines.contains(where: { if case .completed = $0 { true } else { false } }) else { return }
        board.remove(id)
    }

    /// Changes the records of devices whose lines are stored.
    private func makeUpFor(_ id: RolloutID) async throws {
        guard let lines = unassigned[id], !lines.isEmpty else { return }
        let update = try board.look(at: id, { $0.update }) ?? repository.load(id).update
        var offered: [DeviceID] = []
        var putBack: [UpdateName?: [DeviceID]] = [:]
        for line in lines {
            switch line {
            case .offered(let device, _): offered.append(device)
            case .putBack(let device, let name): putBack[name, default: []].append(device)
            default: break
            }
        }
        try await registry.assign(update.name, to: offered)
        for (name, devices) in putBack { try await registry.assign(name, to: devices) }
        unassigned[id] = nil
    }
}
