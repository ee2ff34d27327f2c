import DeviceAuth

/// Changes of many devices at once: all of them or none, in one transaction.
extension DeviceRegistry {
    /// Changes the attributes of devices. All must be known and not deleted.
    public func change(_ ids: [DeviceID], _ change: AttributeChange) async throws {
        guard !ids.isEmpty else { return }
        let claim = ids.count == 1 ? Turns.Claim.one(ids[0]) : .all
        await turns.take(claim)
        defer { turns.give(claim) }
        try await carryOut(.change(change), plan(.devices(ids), .change(change)))
    }

    /// What the action would do now. Nothing is changed.
    public func preview(_ action: BulkAction, of selection: BulkTarget) throws -> BulkOutcome {
        try plan(selection, action).outcome
    }

    /// Does the action to all devices of the selection, or to none.
    ///
    /// - Parameter expected: how many devices the caller expects to change, as ``preview(_:of:)`` told; throws
    ///   `.countDiffers` when the fleet has moved on since. Nil changes however many there are.
    public func bulk(_ action: BulkAction, of selection: BulkTarget, expected: Int?) async throws -> BulkOutcome {
        await turns.take(.all)
        defer { turns.give(.all) }
        // Decided in turn: nothing can change between the count and the deed.
        let plan = try plan(selection, action)
        if let expected, expected != plan.outcome.changed.count {
            throw FleetError(
                .countDiffers,
                "\(plan.outcome.changed.count) devices would change now, not \(expected); look at a dry run again and confirm its count")
        }
        try await carryOut(action, plan)
        return plan.outcome
    }

    private struct Plan {
        let outcome: BulkOutcome
        /// In the order of the outcome, as the action leaves them.
        let states: [DeviceState]
    }

    private func plan(_ selection: BulkTarget, _ action: BulkAction) throws(FleetError) -> Plan {
        let entries = try select(selection)
        var states: [DeviceState] = []
        for entry in entries {
            let state = entry.state
            let next = try action.after(state)
            if next != state { states.append(next) }
        }
        states.sort { $0.id < $1.id }
        return Plan(outcome: BulkOutcome(matched: entries.count, changed: states.map(\.id)), states: states)
    }

    private func select(_ selection: BulkTarget) throws(FleetError) -> [DeviceEntry] {
        switch selection {
        case .matching(let test): return directory.all.filter { !$0.state.isDeleted && test($0) }
        case .devices(let ids):
            var entries: [DeviceEntry] = []
            for id in Set(ids) {
                guard let entry = directory[id] else { throw Self.unknown(id) }
                entries.append(entry)
            }
            return entries
        }
    }

    /// The storage first, then the memory.
    private func carryOut(_ action: BulkAction, _ plan: Plan) async throws {
        let ids = plan.outcome.changed
        guard !ids.isEmpty else { return }
        switch action {
        case .deny: try await repository.setDenied(true, of: ids)
        case .undeny: try await repository.restore(ids)
        case .delete: try await repository.markDeleted(ids)
        case .change, .rename: try await repository.setAttributes(plan.states)
        }
        for planned in plan.states {
            // Only what the action concerns: devices go on checking in meanwhile.
            directory[planned.id]?.change { state in
                switch action {
                case .deny, .undeny:
                    state.isDenied = planned.isDenied
                    state.isDeleted = planned.isDeleted
                case .delete: state = planned
                case .change, .rename:
                    state.name = planned.name
                    state.group = planned.group
                    state.labels = planned.labels
                }
            }
        }
        try await note(action.note, ids)
    }
}
