import DeviceAuth

/// What devices are made of.
extension DeviceRegistry {
    /// Notes what a device is made of, as it tells at the start of its client. Written through: it may not tell again for months.
    func note(hardware: String, of id: DeviceID) async throws {
        guard let entry = directory[id], entry.change({ if !$0.isDeleted { $0.hardwareID = hardware } }) else { return }
        try await save([CheckInRecord(state: entry.state, lastSeen: entry.lastSeen, contactHours: entry.contactHours)])
    }

    /// The targets that run on devices of which nobody told yet what they are made of.
    public func targetsOfUnknownHardware() -> Set<String> {
        var targets = Set<String>()
        for entry in directory.all {
            let state = entry.state
            if !state.isDeleted, state.hardwareID == nil, let target = state.targetName { targets.insert(target) }
        }
        return targets
    }

    /// Gives such devices the hardware id that their target is for. Returns how many.
    public func note(hardwareByTarget hardware: [String: String]) async throws -> Int {
        var changed: [CheckInRecord] = []
        for entry in directory.all {
            let isChanged = entry.change { state in
                guard !state.isDeleted, state.hardwareID == nil, let target = state.targetName else { return }
                state.hardwareID = hardware[target]
            }
            if isChanged { changed.append(CheckInRecord(state: entry.state, lastSeen: entry.lastSeen, contactHours: entry.contactHours)) }
        }
        if !changed.isEmpty { try await save(changed) }
        return changed.count
    }
}
