import DeviceAuth

/// Takes devices' reports in: what is acknowledged is stored, and running rollouts hear of it.
public struct ReportIntake: Sendable {
    public let store: any ReportStore
    private let rollouts: RolloutOperations
    private let board: RolloutBoard

    public init(store: any ReportStore, rollouts: RolloutOperations) {
        self.store = store
        self.rollouts = rollouts
        board = rollouts.board
    }

    /// Stores the events of one request and returns what was left out, one sentence each.
    public func events(_ bytes: [UInt8], from device: DeviceID) async throws -> [String] {
        let batch = try EventBatch(parsing: bytes)
        guard !batch.events.isEmpty else { return batch.ignored }
        let rollout = board.rollout(of: device)
        let entries = batch.events.map { event in
            EventEntry(
                event: event,
                line: rollout.map { ($0, RolloutLine.status(device, DeviceStatus(event)).text) })
        }
        var completed = Set<RolloutID>()
        for entry in try await store.append(entries, of: device) {
            guard let rollout = entry.line?.rollout else { continue }
            if board.apply(.status(device, DeviceStatus(entry.event)), to: rollout) { completed.insert(rollout) }
        }
        // All lines are in the files: the board takes them all in before anything can fail.
        for rollout in completed { try await rollouts.complete(rollout) }
        return batch.ignored
    }

    /// Notes the first contact of a device since its rollout started.
    public func seen(_ device: DeviceID, by rollout: RolloutID) async throws {
        try await store.append(line: RolloutLine.seen(device).text, to: rollout)
        _ = board.apply(.seen(device), to: rollout)
    }
}
