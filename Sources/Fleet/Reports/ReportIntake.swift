import DeviceAuth

/// Takes devices' reports in: what is acknowledged is stored, and running rollouts hear of it.
///
/// A device's status is changed in memory; the caller has it written behind, and ``StatusRecovery`` makes up for a kill.
public struct ReportIntake: Sendable {
    public let store: any ReportStore
    private let registry: DeviceRegistry
    private let rollouts: RolloutOperations
    private let board: RolloutBoard

    public init(store: any ReportStore, registry: DeviceRegistry, rollouts: RolloutOperations) {
        self.store = store
        self.registry = registry
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
        // Of all events, also those that came before: a device whose answer was lost sends the newest it has again.
        registry.directory[device]?.change { state in
            if !state.isDeleted { state.status = batch.events.reduce(state.status) { $0.after($1) } }
        }
        return batch.ignored
    }

    /// Stores a document that the device keeps current, and takes in what it tells of the device.
    public func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws {
        try await store.replace(report, of: device, with: bytes)
        guard report == .aktoml, let hardware = HardwareID.primary(inConfiguration: String(decoding: bytes, as: UTF8.self)) else { return }
        try await registry.note(hardware: hardware, of: device)
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
            board.retryHeld(device, of: rollout)
            try await rollouts.advance(rollout)
        }
    }
}
