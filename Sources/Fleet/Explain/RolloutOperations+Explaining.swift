import DeviceAuth
import UpdateTree

extension RolloutOperations {
    /// Everything that decides which update a device gets now. Throws for a device that nobody knows.
    ///
    /// - Parameter serving: whether an update is served.
    public func situation(of id: DeviceID, serving: @Sendable (UpdateKey) -> UpdateServing) throws -> DeviceSituation {
        let entry = registry.directory[id]
        let state = entry?.state
        let registration = state == nil ? registry.queue[id] : nil
        guard state != nil || registration != nil else { throw DeviceRegistry.unknown(id) }
        let bare = DeviceSituation(id: id, state: state, now: now())
        var served: UpdateServing?
        if case .update(let key)? = bare.resolution { served = serving(key) }
        return DeviceSituation(
            id: id, state: state, lastSeen: entry?.lastSeen ?? 0, registration: registration, membership: board.membership(of: id),
            scheduled: try entry.map { try scheduled(for: $0) } ?? [], exclusions: board.exclusions(of: id), serving: served, now: bare.now)
    }

    /// Rollouts that have not begun and would take the device, as it is now.
    private func scheduled(for entry: DeviceEntry) throws -> [RolloutMembership] {
        let state = entry.state
        return try board.ids.compactMap { id in
            guard let membership = board.look(at: id, { $0.progress.hasStarted ? nil : RolloutMembership($0, of: entry.id) }) ?? nil,
                Eligibility.exclusion(of: state, from: membership.update) == nil
            else { return nil }
            let isMeant =
                if let targets = membership.plan.targets {
                    try TargetMatch(targets).holds(for: entry, state, now: now())
                } else {
                    try repository.devices(of: id).contains(entry.id)
                }
            return isMeant ? membership : nil
        }
    }
}
