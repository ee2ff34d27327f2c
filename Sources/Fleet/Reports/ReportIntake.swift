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
        let entries = batch.events.map { event in
            EventEntry(
                event: event,
                line: board.rollout(for: event, of: device).map { ($0, RolloutLine.status(device, DeviceStatus(event))) })
        }
        _ = try await store.append(entries, of: device)
        return batch.ignored
    }

    /// Notes what a contact of a device means for its rollout.
    public func note(_ news: RolloutNews, of device: DeviceID) async throws {
        switch news {
        case .seen(let rollout): try await store.append([RolloutEntry(rollout, [.seen(device)])])
        case .running(let rollout, let target):
            // It says so with every request until the line is there.
            guard board.news(of: device, target: target) == news else { return }
            try await store.append([RolloutEntry(rollout, [.running(device, target: target)])])
        case .changed(let rollout):
            board.retryHeld(rollout)
            try await rollouts.advance(rollout)
        }
    }
}
