import DeviceAuth
import UpdateTree

extension RolloutOperations {
    /// Goes on where a killed process stopped, and makes the board anew from the files.
    public func recover() async throws {
        await turns.take(.all)
        defer { turns.give(.all) }
        try await rebuild()
    }

    /// Makes the board anew while it is in use: devices go on being a rollout's all the time.
    func rebuild() async throws {
        unassigned = [:]
        unmirrored = []
        let rollouts = try repository.ids().map { try repository.load($0) }
            .sorted { ($0.startedAt ?? .max, $0.id.text) < ($1.startedAt ?? .max, $1.id.text) }
        let known = Set(rollouts.map(\.id))
        for id in board.ids where !known.contains(id) { board.remove(id) }
        var unsettled: [RolloutID] = []
        for rollout in rollouts {
            // What ended and was settled is not read again: there may be years of it.
            if rollout.state.hasEnded, rollout.isSettled { continue }
            try place(rollout, takesAll: true)
            guard let progress = board.progress(of: rollout.id) else { continue }
            if progress.isUnsettled { unsettled.append(rollout.id) }
            if !(progress.state == .scheduled || progress.state.isUnderway || progress.isUnsettled) { board.remove(rollout.id) }
            try mirror(rollout.id, RolloutStanding(progress))
        }
        for id in board.ids { catchUp(id) }
        for id in unsettled {
            try await follow([], in: id)
            try await settle(id)
        }
        for id in board.ids { try await carryOn(id) }
    }

    /// Lines that were stored and whose devices' records were not changed.
    private func catchUp(_ id: RolloutID) {
        let behind = board.look(at: id) { entry -> [RolloutLine] in
            entry.progress.devices.compactMap { device in
                guard let state = registry.directory[device.id]?.state, !state.isDeleted else { return nil }
                if device.stage == .putBack, entry.progress.isUnsettled, state.updateName == entry.update.name {
                    return .putBack(device.id, to: device.previous)
                }
                guard device.stage.isUnderway, state.updateName == device.previous, state.updateName != entry.update.name else {
                    return nil
                }
                return .offered(device.id, previous: device.previous)
            }
        }
        if let behind, !behind.isEmpty { unassigned[id] = behind }
    }
}
