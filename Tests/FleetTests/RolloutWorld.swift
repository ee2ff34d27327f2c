import DeviceAuth
import Fleet
import Testing
import UpdateTree

/// A fleet with its storage, which outlives the objects above it: ``restart()`` makes those anew.
final class RolloutWorld {
    let devices = MemoryDevices()
    let rollouts: MemoryRollouts
    let clock: Clock
    private(set) var registry: DeviceRegistry
    private(set) var operations: RolloutOperations
    private(set) var intake: ReportIntake

    /// `a`, `b`, `e` and `f` match the channel and tag of the updates; `c` has another tag, `d` is denied.
    init(clock: Clock = Clock()) async throws {
        self.clock = clock
        rollouts = MemoryRollouts(clock: clock)
        (registry, operations, intake) = try Self.make(devices, rollouts, clock)
        for name in ["a", "b", "c", "d", "e", "f"] {
            let tag = try UpdateTree.Tag(name == "c" ? "devel" : "main")
            try await devices.add([DeviceState(id: try id(name), channel: .ci, createdAt: 1, tag: tag)], publicKeyPEM: nil)
        }
        try await devices.setDenied(true, of: [try id("d")])
        try restart()
    }

    private static func make(
        _ devices: MemoryDevices, _ rollouts: MemoryRollouts, _ clock: Clock
    ) throws -> (DeviceRegistry, RolloutOperations, ReportIntake) {
        let registry = try DeviceRegistry(repository: devices, policy: .open, now: { clock.now() })
        let board = RolloutBoard()
        rollouts.tell(board)
        let operations = RolloutOperations(
            repository: rollouts, ledger: rollouts, registry: registry, board: board,
            updates: RolloutUpdates(exists: { $0.name.text != "gone" }, targets: { ["lmp-\($0.name)"] }), now: { clock.now() })
        return (registry, operations, ReportIntake(store: MemoryReports(rollouts), registry: registry, rollouts: operations))
    }

    /// Devices `d0`, `d1`, … that match the channel and tag of the updates.
    func populate(_ count: Int) async throws -> [String] {
        let names = (0..<count).map { "d\($0)" }
        let tag = try UpdateTree.Tag("main")
        try await devices.add(try names.map { DeviceState(id: try id($0), channel: .ci, createdAt: 1, tag: tag) }, publicKeyPEM: nil)
        try restart()
        return names
    }

    /// Fresh objects over the same storage, as after a start of the process. Faults are over.
    func restart() throws {
        use(Fault())
        (registry, operations, intake) = try Self.make(devices, rollouts, clock)
    }

    func use(_ fault: Fault) {
        devices.use(fault)
        rollouts.use(fault)
    }

    func create(_ name: String, _ names: [String] = [], plan: RolloutPlan = .plain) async throws -> RolloutID {
        let rollout = try await operations.create(try update(name), plan: plan, by: "ann")
        if !names.isEmpty { _ = try await operations.add(try names.map { try id($0) }, to: rollout.id) }
        return rollout.id
    }

    /// Takes devices over from rollouts before it.
    func started(_ name: String, _ names: [String] = [], plan: RolloutPlan = .plain) async throws -> RolloutID {
        let rollout = try await create(name, names, plan: plan)
        _ = try await operations.start(rollout, by: "ann", takesOver: true)
        return rollout
    }

    /// Lets the clock's second pass, and everything that is due happen.
    func tick(_ seconds: Int64 = 0) async {
        clock.pass(seconds)
        let failures = await operations.tick()
        #expect(failures.isEmpty, "\(failures)")
    }

    func state(_ rollout: RolloutID) async throws -> Rollout.State { try await operations.show(rollout).state }

    func report(_ device: String, _ type: String, success: Bool? = nil, number: Int = 0) async throws {
        let value = success.map { "\($0)" } ?? "null"
        let body = #"[{"id":"\#(device)-\#(type)-\#(number)","eventType":{"id":"\#(type)"},"event":{"success":\#(value)}}]"#
        _ = try await intake.events(Array(body.utf8), from: try id(device))
        if let failure = await operations.tick().first { throw failure.error }
    }

    func fail(_ device: String, number: Int = 0) async throws {
        try await report(device, "EcuInstallationCompleted", success: false, number: 1_000 + number)
    }

    /// The devices of a rollout that have the update assigned, in the order of their turn.
    func offered(_ rollout: RolloutID) async throws -> [String] {
        try await operations.progress(of: try operations.show(rollout)).devices.filter { $0.stage != .waiting }.map(\.id.text)
    }

    /// A device says what it runs.
    func run(_ device: String, _ target: String?) async throws {
        let entry = try #require(registry.directory[try id(device)])
        entry.change { $0.targetName = target }
        if let news = operations.board.news(of: entry.id, target: target, isChanged: true) { try await intake.note(news, of: entry.id) }
    }

    func succeed(_ device: String) async throws { try await report(device, "EcuInstallationCompleted", success: true) }

    func assigned(_ device: String) throws -> String? { devices[try id(device)]?.state.updateName?.text }

    func stage(_ device: String, in rollout: RolloutID) async throws -> DeviceStage? {
        try await operations.progress(of: try operations.show(rollout))[try id(device)]?.stage
    }

    /// What can be seen of all rollouts: to compare the board with the files, and one run with another.
    func picture() async throws -> [String] {
        var lines: [String] = []
        for rollout in try await operations.list() {
            let progress = try await operations.progress(of: rollout)
            let members = try rollouts.devices(of: rollout.id).map(\.text).sorted()
            let stages = progress.devices.map { "\($0.id)=\($0.stage.name)" }.sorted()
            let skipped = rollout.skipped.map { "\($0.uuid):\($0.reason)" }.sorted()
            let isOnBoard = operations.board.progress(of: rollout.id) != nil
            // What the file says is what the board says.
            #expect(try rollouts.load(rollout.id) == rollout)
            lines.append(
                "\(rollout.update.name) \(rollout.state) \(rollout.pause?.by ?? "") members \(members) stages \(stages) skipped \(skipped) active \(rollouts.active.contains(rollout.id)) board \(isOnBoard)"
            )
        }
        for name in ["a", "b", "c", "d", "e", "f"] {
            let owner = try operations.board.rollout(of: id(name)).map { try rollouts.load($0).update.name.text }
            lines.append("\(name) has \(try assigned(name) ?? "nothing") from \(owner ?? "nobody")")
        }
        // Rollouts are told apart by their updates; their ids are random.
        return lines.sorted()
    }
}
