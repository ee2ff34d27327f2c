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
        let rollout = board.rollout(of: device)
        let entries = batch.events.map { event in
            EventEntry(
                event: event,
                line: rollout.map { ($0, RolloutLine.status(device, DeviceStatus(event)).text) })
        }
        var completed = Set<RolloutID>()
        let stored = try await store.append(entries, of: device)
        // Of all events, also those that came before: a device whose answer was lost sends the newest it has again.
        registry.directory[device]?.change { state in
            if !state.isDeleted { state.status = batch.events.reduce(state.status) { $0.after($1) } }
        }
        for entry in stored {
            guard let rollout = entry.line?.rollout else { continue }
            if board.apply(.status(device, DeviceStatus(entry.event)), to: rollout) { completed.insert(rollout) }
        }
        // All lines are in the files: the board takes them all in before anything can fail.
        for rollout in completed { try await rollouts.complete(rollout) }
        return batch.ignored
    }

    /// Stores a document that the device keeps current, and takes in what it tells of the device.
    public func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws {
        try await store.replace(report, of: device, with: bytes)
        guard report == .aktoml, let hardware = HardwareID.primary(inConfiguration: String(decoding: bytes, as: UTF8.self)) else { return }
        try await registry.note(hardware: hardware, of: device)
    }

    /// Notes the first contact of a device since its rollout started.
    public func seen(_ device: DeviceID, by rollout: RolloutID) async throws {
        try await store.append(line: RolloutLine.seen(device).text, to: rollout)
        _ = board.apply(.seen(device), to: rollout)
    }
}
