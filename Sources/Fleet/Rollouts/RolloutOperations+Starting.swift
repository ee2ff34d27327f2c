import DeviceAuth
import UpdateTree

extension RolloutOperations {
    /// Starts a rollout, or puts it among those that wait for their time or for an approval. Again, it changes nothing.
    ///
    /// - Parameter takesOver: takes devices from rollouts that run; otherwise they are refused with the list.
    public func start(_ id: RolloutID, by who: String, takesOver: Bool = false) async throws -> Rollout {
        try await inTurn {
            let rollout = try load(id)
            guard rollout.state == .draft else {
                // What the start before could not do is done now.
                try await carryOn(id)
                return try load(id)
            }
            try requireUpdate(rollout.update)
            let waits =
                rollout.plan.needsApproval
                ? "an approval by a second person" : rollout.plan.startAt.flatMap { $0 > now() ? Moment.text($0) : nil }
            if let waits {
                try await store(id, [.scheduled(by: who)], because: "\(who) started it; it waits for \(waits)")
                try place(rollout)
                try mirror(id)
            } else {
                try await begin(rollout, takesOver: takesOver, because: "\(who) started it")
            }
            return try load(id)
        }
    }

    /// Fixes the devices and opens the first phase.
    func begin(_ rollout: Rollout, takesOver: Bool, because: String) async throws {
        let id = rollout.id
        let devices = try targets(of: rollout)
        let (takers, skipped) = divide(devices, for: rollout.update)
        if !takesOver { try refuseConflicts(takers, with: id) }
        try await updates.prepare(rollout.update)
        let entries =
            losses(of: takers, to: id) + [
                entry(
                    id, skipped.map { .skipped($0.uuid, $0.reason) } + [.started(devices: takers.count)],
                    because: "\(because); \(takers.count) devices take part, \(skipped.count) cannot", devices: devices)
            ]
        try await ledger.append(entries)
        try place(rollout)
        try mirror(id)
        for entry in entries.dropLast() { try await carryOnIfThere(entry.rollout) }
        try await carryOn(id)
    }

    /// The devices that the plan names; else those that were listed.
    private func targets(of rollout: Rollout) throws -> [DeviceID] {
        guard let targets = rollout.plan.targets else { return try repository.devices(of: rollout.id) }
        let devices = try matching(targets, update: rollout.update)
        try refuseTooMany(devices.count)
        return devices
    }

    /// Devices of the update's channel and tag that match now, in order of id.
    func matching(_ targets: RolloutTargets, update: UpdateKey) throws -> [DeviceID] {
        let matches = try TargetMatch(targets)
        return registry.directory.all.filter { entry in
            let state = entry.state
            return Eligibility.exclusion(of: state, from: update) == nil && matches.holds(for: entry, state, now: now())
        }.map(\.id).sorted()
    }

    /// Puts a rollout on the board as its files tell it.
    func place(_ rollout: Rollout, takesAll: Bool = false) throws {
        while true {
            // Lines that are stored while the file is read would be missed: then it is read again.
            let version = board.version(of: rollout.id)
            let progress = try replayed(rollout)
            if board.put(
                progress, update: rollout.update, targets: updates.targets(rollout.update), takesAll: takesAll, ifStill: version,
                isForeign: { registry.directory[$0]?.state.updateName != rollout.update.name })
            {
                return
            }
        }
    }

    /// What the files of a rollout say of it.
    nonisolated func replayed(_ rollout: Rollout) throws -> RolloutProgress {
        var progress = RolloutProgress(rollout: rollout, devices: try repository.devices(of: rollout.id))
        try forEachLine(of: rollout.id) { progress.apply($0) }
        return progress
    }

    nonisolated func forEachLine(of id: RolloutID, _ take: (RolloutLine) -> Void) throws {
        var offset: Int64 = 0
        while true {
            let run = try repository.lines(of: id, from: offset, limit: 1 << 20)
            for line in run.lines { RolloutLine(line.text).map(take) }
            guard let last = run.lines.last else { return }
            offset = last.next
        }
    }
}
