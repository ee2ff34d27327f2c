import DeviceAuth
import Testing
import UpdateTree

@testable import Fleet

/// One random history of rollouts, devices and operators; the same for the same seed.
private struct RandomHistory {
    let seed: UInt64
    private var random: SeededGenerator
    private let world: RolloutWorld
    private let names: [String]
    private var ids: [RolloutID] = []
    private var events = 0

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        world = try await RolloutWorld(clock: Clock(100_000, step: 0))
        names = try await world.populate(Int.random(in: 1...12, using: &random))
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func happens(_ percent: Int) -> Bool { number(1...100) <= percent }

    private mutating func share() -> Share { happens(50) ? .percent(number(0...100)) : .count(number(0...5)) }

    private mutating func plan() -> RolloutPlan {
        var phases: [RolloutPhase] = []
        for _ in 0..<number(0...3) {
            phases.append(
                RolloutPhase(
                    size: share(), gate: happens(60) ? number(1...100) : nil,
                    soak: happens(30) ? TimeSpan(seconds: Int64(number(1...500))) : nil, then: happens(20) ? .pause : .next,
                    errorLimit: happens(30) ? share() : nil))
        }
        return RolloutPlan(
            phases: phases, errorLimit: happens(30) ? share() : nil,
            deadline: happens(50) ? TimeSpan(seconds: Int64(number(60...2_000))) : nil,
            window: happens(20) ? try? TimeWindow(from: number(0...700), to: number(701...1_440), zone: "Europe/Oslo") : nil,
            startAt: happens(15) ? 100_000 + Int64(number(0...3_000)) : nil, priority: number(-3...3),
            cap: happens(40) ? number(1...5) : nil, needsApproval: happens(15))
    }

    mutating func run(_ steps: Int) async throws {
        for _ in 0..<steps {
            let killAt = happens(15) ? number(1...6) : 0
            if killAt > 0 { world.use(Fault(atWrite: killAt, happens(50) ? .killedBefore : .killedAfter)) }
            // What is refused, or killed, is part of the history.
            try? await step()
            if killAt > 0 || happens(3) {
                try world.restart()
                try await world.operations.recover()
            }
            try await check()
        }
    }

    private mutating func step() async throws {
        let operations = world.operations
        switch number(0...99) {
        case 0..<8 where ids.count < 5:
            let id = try await world.create("4\(ids.count)", names.filter { _ in Bool.random(using: &random) }, plan: plan())
            ids.append(id)
            _ = try await operations.start(id, by: "ann", takesOver: happens(50))
        case 0..<60:
            guard let name = names.randomElement(using: &random), let rollout = ids.last else { return }
            events += 1
            let types = [
                ("EcuDownloadStarted", Bool?.none), ("EcuDownloadCompleted", true), ("EcuDownloadCompleted", false),
                ("EcuInstallationStarted", nil), ("EcuInstallationCompleted", true), ("EcuInstallationCompleted", true),
                ("EcuInstallationCompleted", false),
            ]
            guard let (type, success) = types.randomElement(using: &random) else { return }
            if happens(10) { try await world.run(name, "lmp-\(try world.rollouts.load(rollout).update.name)") }
            try await world.report(name, type, success: success, number: events)
        case 60..<80:
            // Clocks jump, too, and back.
            world.clock.pass(happens(10) ? Int64(-number(1...5_000)) : Int64(number(1...900)))
            if let failure = await operations.tick().first { throw failure.error }
        default: try await operate(operations)
        }
    }

    private mutating func operate(_ operations: RolloutOperations) async throws {
        guard let id = ids.randomElement(using: &random) else { return }
        switch number(0...6) {
        case 0: _ = try await operations.pause(id, by: "ann", because: nil)
        case 1, 2: _ = try await operations.resume(id, by: "ann")
        case 3: _ = try await operations.openNext(id, by: "ann")
        case 4: _ = try await operations.approve(id, by: "bob")
        case 5: _ = try await operations.add([names.randomElement(using: &random)].compactMap { try $0.map { try DeviceID($0) } }, to: id)
        default:
            guard happens(30) else { return }
            _ = happens(50) ? try await operations.abort(id, by: "ann") : try await operations.revert(id, by: "ann")
        }
    }

    // MARK: Invariants

    struct Violation: Error, CustomStringConvertible { let description: String }

    private func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
        guard holds else { throw Violation(description: "seed \(seed), event \(events): \(what())") }
    }

    private static func difference(_ one: some Any, _ other: some Any) -> String {
        zip(Mirror(reflecting: one).children, Mirror(reflecting: other).children).compactMap { one, other in
            "\(one.value)" == "\(other.value)" ? nil : "\(one.label ?? "") \(one.value) and \(other.value)"
        }.joined(separator: "; ")
    }

    private func check() async throws {
        var owned: [DeviceID: RolloutID] = [:]
        for id in world.rollouts.ids() {
            let rollout = try await world.operations.show(id)
            let progress = try await world.operations.progress(of: rollout)
            let replayed = try world.operations.replayed(rollout)
            try require(progress == replayed, "replay differs from live: \(Self.difference(replayed, progress))")
            let filed = try world.rollouts.load(id)
            try require(rollout == filed, "rollout.json differs from live: \(Self.difference(filed, rollout))")
            try require(progress.counts.total == progress.devices.count, "totals do not add up")
            for device in progress.devices where device.stage != .waiting && device.stage != .superseded {
                try require(progress.phases[device.phase - 1].openedAt != nil, "\(device) before its phase opened")
            }
            try checkLines(world.rollouts.texts(of: id), of: id)
            guard rollout.state.isUnderway else { continue }
            for device in progress.devices where !device.isFinal {
                let other = owned.updateValue(id, forKey: device.id)
                try require(other == nil, "\(device) is in \(id) and \(String(describing: other))")
                let owner = world.operations.board.rollout(of: device.id)
                try require(owner == id, "\(device) is \(id)'s and not \(String(describing: owner))'s")
                let assigned = try world.assigned(device.id.text)
                try require(
                    !device.stage.isUnderway || assigned == rollout.update.name.text,
                    "\(device) of \(rollout.update.name) has \(assigned ?? "nothing") assigned")
            }
        }
    }

    /// Nobody twice, and nobody while it stands still.
    private func checkLines(_ texts: [String], of id: RolloutID) throws {
        var isPaused = false
        var offered = Set<DeviceID>()
        var open = 0
        for text in texts {
            switch try #require(RolloutLine(text), "\(text)") {
            case .paused: isPaused = true
            case .resumed: isPaused = false
            case .phase(let number):
                try require(number == open + 1, "phase \(number) after \(open)")
                open = number
            case .offered(let device, _):
                try require(!isPaused, "\(device) was offered it while paused")
                try require(offered.insert(device).inserted, "\(device) was offered it twice")
            case .superseded(let device, _), .putBack(let device, _): offered.remove(device)
            default: break
            }
        }
    }
}

@Suite("Random histories of rollouts") struct RolloutHistoryTests {
    private static let historiesInBatch = 50

    @Test(
        "nobody is updated before the phase opened, nobody twice, a paused rollout offers to nobody, and replay equals live",
        arguments: 0..<40)
    func histories(batch: Int) async throws {
        for number in 0..<Self.historiesInBatch {
            var history = try await RandomHistory(seed: UInt64(batch * Self.historiesInBatch + number))
            do { try await history.run(40) } catch { Issue.record(error, "seed \(batch * Self.historiesInBatch + number)") }
        }
    }
}
