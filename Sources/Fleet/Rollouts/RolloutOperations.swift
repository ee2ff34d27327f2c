import DeviceAuth
import UpdateTree

/// What an operator does with rollouts, and what the engine does with them by itself, one operation at a time.
///
/// Map: ``create(_:plan:by:)``, ``add(_:to:)``, ``start(_:by:takesOver:)``; ``approve(_:by:)``, ``pause(_:by:because:)``,
/// ``resume(_:by:)``, ``openNext(_:by:)``, ``abort(_:by:)``, ``revert(_:by:)``; ``tick()`` and ``advance(_:)`` for the
/// clock; ``recover()`` at start.
///
/// Every operation first stores lines, then does what they say: killed in between, ``recover()`` does it at the next
/// start, so nothing is half done.
public actor RolloutOperations {
    public nonisolated let board: RolloutBoard
    nonisolated let repository: any RolloutRepository
    nonisolated let ledger: any RolloutLedger
    nonisolated let registry: DeviceRegistry
    nonisolated let updates: RolloutUpdates
    nonisolated let now: @Sendable () -> Int64
    /// An actor lets others in while it waits for the storage: operations take turns.
    let turns = Turns<RolloutID>()
    /// Devices whose lines are stored and whose records could not be changed yet.
    var unassigned: [RolloutID: [RolloutLine]] = [:]
    /// Rollouts whose `rollout.json` does not tell yet how they stand.
    var unmirrored = Set<RolloutID>()
    /// When dynamic rollouts and held devices are looked at again, seconds since 1970.
    var nextLook: Int64 = 0

    /// Seconds between two looks for devices that match by now.
    static let lookInterval: Int64 = 60
    public static let mostDevices = RolloutPlan.mostDevices

    public init(
        repository: any RolloutRepository, ledger: any RolloutLedger, registry: DeviceRegistry, board: RolloutBoard,
        updates: RolloutUpdates, now: @escaping @Sendable () -> Int64
    ) {
        self.repository = repository
        self.ledger = ledger
        self.registry = registry
        self.board = board
        self.updates = updates
        self.now = now
    }

    /// Runs an operation when all before it are done.
    func inTurn<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        await turns.take(.all)
        defer { turns.give(.all) }
        if board.takeStaleness() {
            do {
                try await rebuild()
            } catch {
                board.markStale()
                throw error
            }
        }
        return try await body()
    }

    // MARK: Making

    public func create(_ update: UpdateKey, plan: RolloutPlan = .plain, by who: String) throws -> Rollout {
        try plan.validate()
        try requireUpdate(update)
        let rollout = Rollout(id: RolloutID.make(at: now()), update: update, createdAt: now(), createdBy: who, plan: plan)
        try repository.create(rollout)
        return rollout
    }

    nonisolated func requireUpdate(_ update: UpdateKey) throws {
        guard updates.exists(update) else {
            throw FleetError(.updateUnknown, "there is no update \(update); import it first")
        }
    }

    /// Adds devices. To a rollout that runs they join the last phase.
    ///
    /// - Parameter takesOver: takes devices from rollouts that run; otherwise they are refused with the list.
    public func add(_ devices: [DeviceID], to id: RolloutID, takesOver: Bool = false) async throws -> Rollout {
        try await inTurn {
            let rollout = try load(id)
            switch rollout.state {
            case .draft, .scheduled,
                .paused where rollout.startedAt == nil:
                guard rollout.plan.targets == nil else {
                    throw FleetError(
                        .rolloutInvalid, "the plan of the rollout says its devices; leave its targets out to name them one by one")
                }
                try list(devices, in: rollout)
                if rollout.state != .draft { try place(rollout) }
            case .running, .paused: try await join(devices, to: rollout, takesOver: takesOver)
            case .completed:
                // It runs again, for these.
                try await reopening(rollout) { try await join(devices, to: rollout, takesOver: takesOver) }
            case .aborted, .reverted:
                throw FleetError(.rolloutInvalid, "the rollout has ended; make a new one for these devices")
            }
            return try load(id)
        }
    }

    private func list(_ devices: [DeviceID], in rollout: Rollout) throws {
        let present = try repository.devices(of: rollout.id)
        var seen = Set(present)
        let new = devices.filter { seen.insert($0).inserted }
        guard !new.isEmpty else { return }
        try refuseTooMany(present.count + new.count)
        try repository.save(devices: present + new, of: rollout.id)
    }

    nonisolated func refuseTooMany(_ count: Int) throws(FleetError) {
        guard count <= Self.mostDevices else {
            throw FleetError(.rolloutInvalid, "a rollout holds at most \(Self.mostDevices) devices; make a second one")
        }
    }

    /// Puts a rollout that has ended on the board again, for an operation. Its file tells first that there may be more to it
    /// than it says.
    func reopening(_ rollout: Rollout, _ operation: () async throws -> Void) async throws {
        var open = try repository.load(rollout.id)
        open.isSettled = false
        try repository.save(open)
        try place(rollout)
        do {
            try await operation()
        } catch {
            try? close(rollout.id)
            throw error
        }
        try close(rollout.id)
    }

    /// Takes a rollout from the board when nothing is left to be done for it.
    private func close(_ id: RolloutID) throws {
        guard board.look(at: id, { $0.progress.state.hasEnded && !$0.progress.isUnsettled }) == true else { return }
        try mirror(id)
        board.remove(id)
    }

    /// Devices that are in the rollout already stay as they are.
    func join(_ devices: [DeviceID], to rollout: Rollout, takesOver: Bool) async throws {
        try requireUpdate(rollout.update)
        let (new, count) =
            board.look(at: rollout.id) { entry -> ([DeviceID], Int) in
                var seen = Set<DeviceID>()
                let new = devices.filter { seen.insert($0).inserted && entry.progress[$0]?.stage.hasLeft ?? true }
                return (new, entry.progress.devices.count)
            } ?? ([], 0)
        guard !new.isEmpty else { return }
        try refuseTooMany(count + new.count)
        let noted = Set(board.look(at: rollout.id) { $0.progress.skipped.map(\.uuid) } ?? [])
        var (takers, skipped) = divide(new, for: rollout.update)
        skipped.removeAll { noted.contains($0.uuid) }
        guard !takers.isEmpty || !skipped.isEmpty else { return }
        if !takesOver { try refuseConflicts(takers, with: rollout.id) }
        let present = try repository.devices(of: rollout.id)
        let known = Set(present)
        let losses = losses(of: takers, to: rollout.id)
        try await ledger.append(
            losses + [
                entry(
                    rollout.id, skipped.map { .skipped($0.uuid, $0.reason) } + takers.map { .joined($0) },
                    because: "\(takers.count) devices joined", devices: present + new.filter { !known.contains($0) })
            ])
        try mirror(rollout.id)
        for loss in losses { try await carryOnIfThere(loss.rollout) }
        try await carryOn(rollout.id)
    }

    /// What other rollouts lose to one that takes devices over.
    func losses(of devices: [DeviceID], to id: RolloutID) -> [RolloutEntry] {
        Dictionary(grouping: board.conflicts(of: devices, with: id), by: \.rollout).map { other, conflicts in
            entry(
                other, conflicts.map { .superseded($0.device, by: id) }, because: "the rollout \(id) took \(conflicts.count) devices over")
        }
    }

    /// Devices that can take part, and those that cannot.
    nonisolated func divide(_ devices: [DeviceID], for update: UpdateKey) -> (takers: [DeviceID], skipped: [Rollout.Skipped]) {
        var takers: [DeviceID] = []
        var skipped: [Rollout.Skipped] = []
        takers.reserveCapacity(devices.count)
        for id in devices {
            if let reason = Eligibility.exclusion(of: registry.directory[id]?.state, from: update) {
                skipped.append(Rollout.Skipped(uuid: id, reason: reason))
            } else {
                takers.append(id)
            }
        }
        return (takers, skipped)
    }

    func refuseConflicts(_ devices: [DeviceID], with rollout: RolloutID) throws(FleetError) {
        let conflicts = board.conflicts(of: devices, with: rollout)
        guard !conflicts.isEmpty else { return }
        let shown = conflicts.prefix(20).map { "\($0.device) in \($0.rollout)" }.joined(separator: ", ")
        throw FleetError(
            .rolloutConflict,
            "\(conflicts.count) devices are in another rollout that runs (\(shown)\(conflicts.count > 20 ? ", …" : "")); "
                + "abort that one, or start this one with takeOver to take them from it")
    }

    // MARK: Storing

    /// Stores lines with the reason for them. The board knows of them when this returns.
    func store(_ id: RolloutID, _ lines: [RolloutLine], because: String) async throws {
        try await ledger.append([entry(id, lines, because: because)])
    }

    func entry(_ id: RolloutID, _ lines: [RolloutLine], because: String, devices: [DeviceID]? = nil) -> RolloutEntry {
        RolloutEntry(id, lines, notes: [RolloutNote(at: now(), what: Self.summary(lines), because: because)], devices: devices)
    }

    private static func summary(_ lines: [RolloutLine]) -> String {
        if lines.count == 1 { return lines[0].text }
        var counts: [String: Int] = [:]
        for line in lines { counts[line.word, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { $0.value == 1 ? $0.key : "\($0.key) × \($0.value)" }.joined(separator: ", ")
    }

    /// Writes how a rollout stands into its `rollout.json`.
    func mirror(_ id: RolloutID) throws {
        guard let stand = board.look(at: id, { RolloutStanding($0.progress) }) else { return }
        unmirrored.insert(id)
        try mirror(id, stand)
        unmirrored.remove(id)
    }

    func mirror(_ id: RolloutID, _ stand: RolloutStanding) throws {
        var rollout = try repository.load(id)
        let before = rollout
        stand.write(into: &rollout)
        // The link first: what is settled is not looked at again.
        try repository.setActive(rollout.state.isUnderway, id)
        if rollout != before { try repository.save(rollout) }
    }
}
