import DeviceAuth
import UpdateTree

/// What an operator does with a rollout that was started.
extension RolloutOperations {
    /// A second person's word that a rollout may begin.
    public func approve(_ id: RolloutID, by who: String) async throws -> Rollout {
        try await control(id, "approved", [.scheduled, .paused]) { rollout in
            guard let starter = board.look(at: id, { $0.progress.scheduledBy }) ?? nil, rollout.plan.needsApproval,
                board.look(at: id, { $0.progress.hasStarted || $0.progress.isApproved }) == false
            else {
                throw FleetError(.rolloutInvalid, "the rollout waits for no approval")
            }
            guard starter != who else {
                throw FleetError(.rolloutInvalid, "\(who) started the rollout; somebody else must approve it")
            }
            try await store(id, [.approved(by: who)], because: "\(who) approved what \(starter) started")
        }
    }

    public func pause(_ id: RolloutID, by who: String, because reason: String?) async throws -> Rollout {
        try await control(id, "paused", [.running, .scheduled]) { _ in
            let sentence = reason ?? "no reason was given"
            try await store(id, [.paused(Pause(.who(who), sentence))], because: "\(who) paused it: \(sentence)")
        }
    }

    public func resume(_ id: RolloutID, by who: String) async throws -> Rollout {
        try await control(id, "resumed", [.paused]) { rollout in
            try requireUpdate(rollout.update)
            try await store(id, [.resumed(by: who)], because: "\(who) resumed it")
        }
    }

    /// Opens the next phase, whatever the gate and the soak time of the one before say.
    public func openNext(_ id: RolloutID, by who: String) async throws -> Rollout {
        try await control(id, "taken to its next phase", [.running, .paused]) { rollout in
            try requireUpdate(rollout.update)
            guard let (opened, all) = board.look(at: id, { ($0.progress.current?.number ?? 0, $0.progress.phases.count) }), opened < all
            else {
                throw FleetError(.rolloutInvalid, "the rollout has no further phase")
            }
            let resumed: [RolloutLine] = rollout.state == .paused ? [.resumed(by: who)] : []
            try await store(id, resumed + [.phase(opened + 1)], because: "\(who) opened phase \(opened + 1)")
        }
    }

    /// Ends a rollout. Devices that have not begun get back what they had; the others finish what they began.
    public func abort(_ id: RolloutID, by who: String) async throws -> Rollout {
        try await inTurn {
            let rollout = try load(id)
            switch rollout.state {
            case .aborted: return rollout
            case .completed, .reverted: throw Self.refusal(rollout, "aborted")
            case .draft:
                try await store(id, [.aborted(by: who), .settled], because: "\(who) aborted the draft")
                try mirror(id, RolloutStanding(try replayed(rollout)))
            case .scheduled, .running, .paused:
                return try await putBack(rollout, [.aborted(by: who)], because: "\(who) aborted it") { $0.stage == .offered }
            }
            return try load(id)
        }
    }

    /// Gives every device back what it had before. The updates that they had are signed anew where that is needed for
    /// devices to accept them.
    public func revert(_ id: RolloutID, by who: String) async throws -> Rollout {
        try await inTurn {
            let rollout = try load(id)
            switch rollout.state {
            case .reverted: return rollout
            case .draft, .scheduled: throw Self.refusal(rollout, "reverted")
            case .running, .paused, .completed, .aborted:
                guard rollout.createdBy != nil else {
                    throw FleetError(.rolloutInvalid, "the rollout is of an earlier version, which did not note what devices had before")
                }
                return try await putBack(rollout, [.reverted(by: who)], because: "\(who) reverted it") {
                    $0.stage != .waiting && !$0.stage.hasLeft
                }
            }
        }
    }

    private func putBack(
        _ rollout: Rollout, _ lines: [RolloutLine], because: String, _ isConcerned: (DeviceProgress) -> Bool
    ) async throws -> Rollout {
        // One that has ended left the board; its lines are to be told there.
        if board.progress(of: rollout.id) == nil {
            try await reopening(rollout) { try await putBackNow(rollout, lines, because: because, isConcerned) }
        } else {
            try await putBackNow(rollout, lines, because: because, isConcerned)
        }
        return try load(rollout.id)
    }

    private func putBackNow(
        _ rollout: Rollout, _ lines: [RolloutLine], because: String, _ isConcerned: (DeviceProgress) -> Bool
    ) async throws {
        let id = rollout.id
        let devices = (board.progress(of: id)?.devices ?? []).filter { device in
            isConcerned(device) && board.rollout(of: device.id) == id
                && registry.directory[device.id]?.state.updateName == rollout.update.name
        }
        for name in Set(devices.compactMap(\.previous)) where name != rollout.update.name {
            let key = UpdateKey(channel: rollout.update.channel, tag: rollout.update.tag, name: name)
            // One that was deleted since cannot be served; the devices are told so when they ask.
            if updates.exists(key) { try await updates.prepare(key) }
        }
        let taken = devices.map { RolloutLine.putBack($0.id, to: $0.previous) }
        try await store(id, lines + taken, because: "\(because); \(taken.count) devices get back what they had")
        try await follow(lines + taken, in: id)
        try await settle(id)
    }

    /// The records of the devices show what was taken back.
    func settle(_ id: RolloutID) async throws {
        try await store(id, [.settled], because: "the devices' records are changed")
        try mirror(id)
        board.remove(id)
    }

    private func control(
        _ id: RolloutID, _ deed: String, _ states: Set<Rollout.State>, _ body: (Rollout) async throws -> Void
    ) async throws -> Rollout {
        try await inTurn {
            let rollout = try load(id)
            guard states.contains(rollout.state) else { throw Self.refusal(rollout, deed) }
            try await body(rollout)
            try mirror(id)
            try await carryOn(id)
            return try load(id)
        }
    }

    private static func refusal(_ rollout: Rollout, _ deed: String) -> FleetError {
        FleetError(.rolloutInvalid, "the rollout \(rollout.id) is \(rollout.state.rawValue) and cannot be \(deed)")
    }
}
