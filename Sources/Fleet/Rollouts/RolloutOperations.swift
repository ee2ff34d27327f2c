import DeviceAuth
import UpdateTree

/// What an operator does with rollouts, one operation at a time.
///
/// Every operation first stores what it is about to do, then does it: killed in between, ``recover()`` goes on at
/// the next start, so a rollout is never half started.
public actor RolloutOperations {
    public nonisolated let board: RolloutBoard
    private let repository: any RolloutRepository
    private let registry: DeviceRegistry
    private let updateExists: @Sendable (UpdateKey) -> Bool
    private let prepare: @Sendable (UpdateKey) async throws -> Void
    private let now: @Sendable () -> Int64
    /// An actor lets others in while it waits for the storage: starts and additions take turns.
    private let turns = Turns<RolloutID>()
    /// The rollout whose assignment was stored as an intent and may not have been carried out.
    private var outstanding: RolloutID?
    /// When the last rollout was started, as its file tells it.
    private var lastStart: Int64 = 0

    public static let mostDevices = 1_000_000

    /// - Parameter prepare: makes an update ready for devices that may have seen newer ones; called before any is
    ///   assigned. What it throws ends the start.
    public init(
        repository: any RolloutRepository, registry: DeviceRegistry, board: RolloutBoard,
        updateExists: @escaping @Sendable (UpdateKey) -> Bool,
        prepare: @escaping @Sendable (UpdateKey) async throws -> Void = { _ in }, now: @escaping @Sendable () -> Int64
    ) {
        self.repository = repository
        self.registry = registry
        self.board = board
        self.updateExists = updateExists
        self.prepare = prepare
        self.now = now
    }

    /// In order of id, which is the order of their making.
    public func ids() throws -> [RolloutID] { try repository.ids() }

    public func list() throws -> [Rollout] { try repository.ids().map { try repository.load($0) } }

    public func show(_ id: RolloutID) throws -> Rollout { try repository.load(id) }

    /// All devices that were added, also those that were skipped or wait for the start.
    public func devices(of id: RolloutID) throws -> [DeviceID] { try repository.devices(of: id) }

    /// How far each device is: from memory while the rollout runs, from its files otherwise.
    public func progress(of rollout: Rollout) throws -> RolloutProgress {
        if let progress = board.progress(of: rollout.id) { return progress }
        var progress = RolloutProgress(devices: try assigned(rollout))
        try replay(rollout.id) { progress.apply($0) }
        if rollout.state == .completed {
            for (id, device) in progress.devices where device.phase != .succeeded { progress.supersede(id) }
        }
        return progress
    }

    /// Devices of the rollout that were skipped, or not assigned yet, have no progress.
    private func assigned(_ rollout: Rollout) throws -> [DeviceID] {
        if rollout.state == .created || rollout.state == .starting && rollout.pending == nil { return [] }
        let others = Set(rollout.skipped.map(\.uuid)).union(rollout.pending ?? [])
        return try repository.devices(of: rollout.id).filter { !others.contains($0) }
    }

    private func replay(_ id: RolloutID, _ take: (RolloutLine) -> Void) throws {
        var offset: Int64 = 0
        while let last = try {
            let run = try repository.lines(of: id, from: offset, limit: 1 << 20)
            for line in run.lines { RolloutLine(line.text).map(take) }
            return run.lines.last
        }() {
            offset = last.next
        }
    }

    public func create(_ update: UpdateKey) throws -> Rollout {
        guard updateExists(update) else {
            throw FleetError(.updateUnknown, "there is no update \(update); import it first")
        }
        let rollout = Rollout(id: RolloutID.make(at: now()), update: update, createdAt: now())
        try repository.create(rollout)
        return rollout
    }

    /// Adds devices. To a rollout that has started they are assigned at once.
    public func add(_ devices: [DeviceID], to id: RolloutID) async throws -> Rollout {
        await turns.take(.all)
        defer { turns.give(.all) }
        if try repository.load(id).state != .created { try await settle() }
        var rollout = try repository.load(id)
        let present = try repository.devices(of: id)
        let known = Set(present)
        var seen = Set<DeviceID>()
        let new = devices.filter { !known.contains($0) && seen.insert($0).inserted }
        guard !new.isEmpty else { return rollout }
        guard present.count + new.count <= Self.mostDevices else {
            throw FleetError(.rolloutInvalid, "a rollout holds at most \(Self.mostDevices) devices; make a second one")
        }
        if rollout.state == .created {
            try repository.save(devices: present + new, of: id)
            return rollout
        }
        try requireUpdate(of: rollout)
        rollout.state = .starting
        rollout.pending = new
        return try await carryOut(rollout)
    }

    /// Assigns the update to the rollout's devices. Starting it again changes nothing.
    public func start(_ id: RolloutID) async throws -> Rollout {
        await turns.take(.all)
        defer { turns.give(.all) }
        try await settle()
        var rollout = try repository.load(id)
        guard rollout.state == .created else { return rollout }
        try requireUpdate(of: rollout)
        try await prepare(rollout.update)
        rollout.state = .starting
        // Never the second of an earlier one, whatever the clock says: who assigned a device last is told by this time.
        lastStart = max(now(), lastStart + 1)
        rollout.startedAt = lastStart
        rollout.pending = nil
        return try await carryOut(rollout)
    }

    private func requireUpdate(of rollout: Rollout) throws {
        guard updateExists(rollout.update) else {
            throw FleetError(.updateUnknown, "there is no update \(rollout.update) any more; import it again first")
        }
    }

    /// Stores an intent, then does it.
    private func carryOut(_ intent: Rollout) async throws -> Rollout {
        outstanding = intent.id
        try repository.save(intent)
        let rollout = try await finishStart(intent)
        outstanding = nil
        return rollout
    }

    /// Finishes what an earlier operation stored and could not do, so that devices are assigned in the order in which
    /// it was asked for: otherwise the next start of the server would do it over a later rollout.
    private func settle() async throws {
        if let id = outstanding {
            do {
                let rollout = try repository.load(id)
                if rollout.state == .starting { _ = try await finishStart(rollout) }
                // Stored to the end, but the storage did not say so.
                if rollout.state == .active { try rebuild(rollout) }
            } catch let error as FleetError {
                guard error.code == .rolloutUnknown else { throw error }
            }
            outstanding = nil
        }
        // One that fails again is tried again next time; it holds nobody up.
        for id in board.completed { try? complete(id) }
    }

    /// From the stored intent to the end. Every step may be repeated.
    private func finishStart(_ intent: Rollout) async throws -> Rollout {
        var rollout = intent
        let id = rollout.id
        let present = try repository.devices(of: id)
        if let pending = rollout.pending {
            // It was completed, and left the board: what came before belongs there again.
            if board.progress(of: id) == nil { try rebuild(rollout) }
            let known = Set(present)
            try repository.save(devices: present + pending.filter { !known.contains($0) }, of: id)
        }
        let plan = RolloutPlan(update: rollout.update, devices: rollout.pending ?? present) { device in
            registry.directory[device]?.state
        }
        try await registry.assign(rollout.update.name, to: plan.assign)
        rollout.skipped += plan.skipped
        rollout.state = .active
        rollout.pending = nil
        try repository.setActive(true, id)
        try repository.save(rollout)
        let finished = board.add(plan.assign, to: id)
        board.feed.wake(id)
        for id in finished { try complete(id) }
        guard board.progress(of: id)?.isComplete == true else { return rollout }
        try complete(id)
        return try repository.load(id)
    }

    /// Called when the last device of a rollout is done.
    public func complete(_ id: RolloutID) throws {
        var rollout = try repository.load(id)
        guard rollout.state == .active else { return }
        rollout.state = .completed
        try repository.save(rollout)
        try repository.setActive(false, id)
        board.remove(id)
        board.feed.wake(id)
    }

    /// Goes on where a killed process stopped, and rebuilds the board from the files.
    public func recover() async throws {
        await turns.take(.all)
        defer { turns.give(.all) }
        let rollouts = try list().sorted { ($0.startedAt ?? 0, $0.id.text) < ($1.startedAt ?? 0, $1.id.text) }
        lastStart = rollouts.last?.startedAt ?? 0
        for rollout in rollouts {
            switch rollout.state {
            case .created, .starting: continue
            case .active:
                try rebuild(rollout)
                try repository.setActive(true, rollout.id)
            // Killed between the record and the link.
            case .completed: try repository.setActive(false, rollout.id)
            }
        }
        // After the others: it was the last that anybody asked for.
        for rollout in rollouts where rollout.state == .starting { _ = try await finishStart(rollout) }
        for id in board.completed { try complete(id) }
    }

    /// A device is still the rollout's when its record names the rollout's update: another rollout, or an operator,
    /// may have assigned another one since.
    private func rebuild(_ rollout: Rollout) throws {
        let devices = try assigned(rollout)
        var progress = RolloutProgress(devices: devices)
        try replay(rollout.id) { progress.apply($0) }
        var owned: [DeviceID] = []
        for device in devices {
            if let state = registry.directory[device]?.state, state.updateName == rollout.update.name {
                owned.append(device)
            } else {
                progress.supersede(device)
            }
        }
        board.restore(progress, owned: owned, of: rollout.id)
    }

    /// Lines from an offset on, for a tail.
    public nonisolated func lines(of id: RolloutID, from offset: Int64, limit: Int) throws -> RolloutLines {
        try repository.lines(of: id, from: offset, limit: limit)
    }
}
