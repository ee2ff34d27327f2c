import DeviceAuth
import Testing
import UpdateTree

@testable import Fleet

@Suite("The rollout engine") struct RolloutEngineTests {
    /// Two phases: `canary` devices with a gate, then the rest.
    private static func plan(
        canary: Share = .count(4), gate: Int? = 75, soak: Int64? = nil, then: RolloutPhase.Ending? = nil, limit: Share? = nil,
        _ change: (inout RolloutPlan) -> Void = { _ in }
    ) -> RolloutPlan {
        var plan = RolloutPlan(phases: [
            RolloutPhase(size: canary, gate: gate, soak: soak.map(TimeSpan.init(seconds:)), then: then, errorLimit: limit), RolloutPhase(),
        ])
        change(&plan)
        return plan
    }

    private static func world(_ count: Int = 20) async throws -> (RolloutWorld, [String]) {
        let world = try await RolloutWorld(clock: Clock(100_000, step: 0))
        return (world, try await world.populate(count))
    }

    // MARK: Phases

    @Test("a phase stays shut while the one before it is below its gate, and opens when it is met")
    func gate() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan())
        let canaries = try await world.offered(rollout)
        #expect(canaries.count == 4)
        for name in canaries.prefix(2) { try await world.succeed(name) }
        await world.tick(10)
        #expect(try await world.offered(rollout).count == 4)
        try await world.succeed(canaries[2])
        #expect(try await world.offered(rollout).count == 20)
        let notes = try world.operations.notes(of: rollout, limit: 100)
        #expect(notes.contains { $0.what == "PHASE: 2" && $0.because.contains("75 %") }, "\(notes)")
    }

    @Test("a phase soaks for its time after its gate is met, and not from its opening")
    func soak() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(soak: 100))
        let canaries = try await world.offered(rollout)
        await world.tick(1_000)
        for name in canaries.prefix(3) { try await world.succeed(name) }
        await world.tick(99)
        #expect(try await world.offered(rollout).count == 4)
        await world.tick(1)
        #expect(try await world.offered(rollout).count == 20)
    }

    @Test("a gate that is lost while it soaks has to be met anew")
    func gateLost() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(gate: 75, soak: 100))
        let canaries = try await world.offered(rollout)
        for name in canaries.prefix(3) { try await world.succeed(name) }
        try await world.fail(canaries[0])
        await world.tick(500)
        #expect(try await world.offered(rollout).count == 4)
        try await world.succeed(canaries[3])
        await world.tick(100)
        #expect(try await world.offered(rollout).count == 20)
    }

    @Test("after a phase that ends with a pause somebody has to resume it, once")
    func plannedPause() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(then: .pause))
        for name in try await world.offered(rollout) { try await world.succeed(name) }
        let paused = try await world.operations.show(rollout)
        #expect(paused.state == .paused && paused.pause?.cause == .rule(.plan))
        await world.tick(1_000)
        #expect(try await world.offered(rollout).count == 4)
        _ = try await world.operations.resume(rollout, by: "ann")
        #expect(try await world.offered(rollout).count == 20)
    }

    @Test("the next phase opens at once when an operator says so")
    func openNext() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(soak: 1_000))
        _ = try await world.operations.openNext(rollout, by: "ann")
        #expect(try await world.offered(rollout).count == 20)
        await #expect { try await world.operations.openNext(rollout, by: "ann") } throws: { ($0 as? FleetError)?.code == .rolloutInvalid }
    }

    // MARK: Brakes

    @Test("a gate that can no longer be met pauses the rollout and says so in one sentence")
    func gateOutOfReach() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(gate: 75))
        let canaries = try await world.offered(rollout)
        try await world.fail(canaries[0])
        #expect(try await world.state(rollout) == .running)
        try await world.fail(canaries[1])
        let paused = try await world.operations.show(rollout)
        #expect(paused.state == .paused && paused.pause?.cause == .rule(.gate))
        #expect(paused.pause?.sentence.contains("gate of 75 %") == true)
    }

    @Test("too many failures in all pause the rollout; resumed, it goes on until there are more")
    func errorLimit() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(canary: .count(20), gate: nil) { $0.errorLimit = .percent(10) })
        for name in names.prefix(2) { try await world.fail(name) }
        #expect(try await world.state(rollout) == .running)
        try await world.fail(names[2])
        #expect(try await world.operations.show(rollout).pause?.cause == .rule(.errorLimit))
        _ = try await world.operations.resume(rollout, by: "ann")
        await world.tick(60)
        #expect(try await world.state(rollout) == .running)
        try await world.fail(names[3])
        #expect(try await world.state(rollout) == .paused)
    }

    @Test("too many failures in a phase pause the rollout, also late ones of an earlier phase")
    func phaseErrorLimit() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(gate: 50, limit: .count(1)))
        let canaries = try await world.offered(rollout)
        for name in canaries.prefix(2) { try await world.succeed(name) }
        #expect(try await world.offered(rollout).count == 20)
        for name in canaries.suffix(2) { try await world.fail(name) }
        #expect(try await world.operations.show(rollout).pause?.cause == .rule(.phaseErrorLimit))
    }

    @Test("silence past the deadline counts as failed, and news before it do not")
    func silence() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started(
            "43", names, plan: Self.plan(gate: 50) { $0.deadline = TimeSpan(seconds: 600) })
        let canaries = try await world.offered(rollout)
        await world.tick(500)
        for name in canaries.prefix(2) { try await world.report(name, "EcuDownloadStarted") }
        await world.tick(100)
        #expect(try await world.stage(canaries[0], in: rollout) == .downloading)
        #expect(try await world.stage(canaries[3], in: rollout) == .timedOut)
        #expect(try await world.state(rollout) == .running)
        await world.tick(500)
        #expect(try await world.operations.show(rollout).pause?.cause == .rule(.gate))
        // A late success counts.
        try await world.succeed(canaries[3])
        #expect(try await world.stage(canaries[3], in: rollout) == .succeeded)
    }

    @Test("a paused rollout offers the update to nobody new")
    func pausedOffersNothing() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: Self.plan(gate: 25))
        _ = try await world.operations.pause(rollout, by: "ann", because: "I want to look")
        for name in try await world.offered(rollout) { try await world.succeed(name) }
        await world.tick(10_000)
        #expect(try await world.offered(rollout).count == 4)
        #expect(try await world.operations.show(rollout).pause == Pause(.who("ann"), "I want to look"))
        _ = try await world.operations.resume(rollout, by: "bob")
        #expect(try await world.offered(rollout).count == 20)
    }

    // MARK: Whose turn it is

    @Test("no more devices than the cap update at once")
    func cap() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: RolloutPlan(cap: 3))
        for done in 0..<20 {
            let offered = try await world.offered(rollout)
            #expect(offered.count == min(20, done + 3))
            try await world.succeed(offered[done])
        }
        #expect(try await world.state(rollout) == .completed)
    }

    @Test("outside its window a rollout offers nothing; those who have the update go on")
    func window() async throws {
        // 100,000 s is 03:46:40 on the second day of 1970, a Friday.
        let (world, names) = try await Self.world(4)
        let window = try TimeWindow(days: [.thu], from: 22 * 60, to: 4 * 60, zone: "UTC")
        let rollout = try await world.started(
            "43", names, plan: RolloutPlan(phases: [RolloutPhase(size: .count(2), gate: 100), RolloutPhase()], window: window))
        #expect(try await world.offered(rollout).count == 2)
        world.clock.pass(1_000)
        for name in try await world.offered(rollout) { try await world.succeed(name) }
        #expect(try await world.offered(rollout).count == 2)
        await world.tick(6 * 86_400)
        #expect(try await world.offered(rollout).count == 2)
        await world.tick(64_800 + 1_000)
        #expect(try await world.offered(rollout).count == 4)
    }

    @Test("a device that runs too old a version waits until it runs the stepping stone")
    func steppingStone() async throws {
        let (world, names) = try await Self.world(3)
        for (name, target) in zip(names, ["lmp-40", "lmp-41", "lmp-43"]) { try await world.run(name, target) }
        let rollout = try await world.started("43", names, plan: RolloutPlan(minVersion: 41))
        #expect(Set(try await world.offered(rollout)) == ["d1", "d2"])
        #expect(try await world.stage("d2", in: rollout) == .succeeded)
        // Coming again is no news, nor is a change of one that only waits for its turn.
        #expect(try world.operations.board.news(of: id("d0"), target: "lmp-40") == nil)
        try await world.run("d0", "lmp-39")
        #expect(try await world.stage("d0", in: rollout) == .waiting)
        try await world.run("d0", "lmp-41")
        #expect(try await world.stage("d0", in: rollout) == .offered)
    }

    @Test("a device that another rollout took and that is added again is offered the update again")
    func comesBack() async throws {
        let (world, _) = try await Self.world()
        let first = try await world.started("42", ["a", "b"])
        let second = try await world.started("43", ["a"])
        #expect(try await world.stage("a", in: first) == .superseded)
        _ = try await world.operations.add([try id("a")], to: first, takesOver: true)
        #expect(try await world.stage("a", in: first) == .offered && world.assigned("a") == "42")
        #expect(try await world.stage("a", in: second) == .superseded)
    }

    @Test("a device that says it runs the update has succeeded, whatever became of its events")
    func running() async throws {
        let (world, _) = try await Self.world()
        let rollout = try await world.started("43", ["a", "b"])
        try await world.run("a", "lmp-43")
        #expect(try await world.stage("a", in: rollout) == .succeeded)
        try await world.run("b", "lmp-42")
        #expect(try await world.stage("b", in: rollout) == .offered)
    }

    @Test("news of another version count for no rollout")
    func otherVersion() async throws {
        let (world, _) = try await Self.world()
        let rollout = try await world.started("43", ["a"])
        for (number, body) in [#""targetName":"lmp-42","version":"42""#, #""version":"42""#, #""targetName":"x""#].enumerated() {
            let event = #"[{"id":"\#(number)","eventType":{"id":"EcuInstallationCompleted"},"event":{"success":true,\#(body)}}]"#
            _ = try await world.intake.events(Array(event.utf8), from: try id("a"))
        }
        #expect(try await world.stage("a", in: rollout) == .offered)
        let event = #"[{"id":"9","eventType":{"id":"EcuInstallationCompleted"},"event":{"success":true,"version":"43"}}]"#
        _ = try await world.intake.events(Array(event.utf8), from: try id("a"))
        #expect(try await world.stage("a", in: rollout) == .succeeded)
    }

    @Test("devices that match a dynamic rollout later join its last phase; a fixed one stays as it began")
    func dynamic() async throws {
        for isDynamic in [true, false] {
            let (world, names) = try await Self.world(6)
            let targets = RolloutTargets(.filter("uuid=d*"), isDynamic: isDynamic)
            let rollout = try await world.started("43", plan: Self.plan(gate: 25) { $0.targets = targets })
            for name in try await world.offered(rollout) { try await world.succeed(name) }
            for name in names.dropFirst(4) { try await world.succeed(name) }
            try await world.registry.preregister([try id("dnew")], channel: .ci, tag: try UpdateTree.Tag("main"))
            await world.tick(RolloutOperations.lookInterval)
            #expect(try await world.stage("dnew", in: rollout) == (isDynamic ? .offered : nil))
        }
    }

    // MARK: Beginning

    @Test("a rollout that needs an approval begins when a second person gives it, not the first")
    func approval() async throws {
        let (world, names) = try await Self.world()
        let rollout = try await world.started("43", names, plan: RolloutPlan(needsApproval: true))
        #expect(try await world.state(rollout) == .scheduled)
        await world.tick(1_000)
        await #expect { try await world.operations.approve(rollout, by: "ann") } throws: { ($0 as? FleetError)?.code == .rolloutInvalid }
        #expect(try await world.offered(rollout).isEmpty)
        _ = try await world.operations.approve(rollout, by: "bob")
        await world.tick(1)
        #expect(try await world.offered(rollout).count == 20)
    }

    @Test("a rollout with a time begins at its time, and the one with the higher priority first")
    func scheduled() async throws {
        let (world, names) = try await Self.world()
        let plan = RolloutPlan(startAt: 101_000)
        let low = try await world.started("42", names, plan: plan)
        let high = try await world.started("43", names, plan: RolloutPlan(startAt: 101_000, priority: 5))
        await world.tick(999)
        #expect(try await world.offered(high).isEmpty)
        await world.tick(1)
        #expect(try await world.offered(high).count == 20)
        // Its devices are taken: somebody has to decide.
        let paused = try await world.operations.show(low)
        #expect(paused.state == .paused && paused.pause?.cause == .rule(.start))
        _ = try await world.operations.abort(high, by: "ann")
        _ = try await world.operations.resume(low, by: "ann")
        await world.tick(1)
        #expect(try await world.offered(low).count == 20)
    }

    @Test("a device that another rollout is not done with refuses the start, with the list; taken over, it counts there no more")
    func conflict() async throws {
        let (world, names) = try await Self.world()
        let first = try await world.started("42", Array(names.prefix(3)))
        try await world.succeed(names[0])
        let second = try await world.create("43", names)
        await #expect {
            try await world.operations.start(second, by: "ann")
        } throws: { error in
            let error = error as? FleetError
            return error?.code == .rolloutConflict && error?.message.contains("d1 in \(first)") == true
                && error?.message.contains("d0 in") == false
        }
        #expect(try await world.state(second) == .draft)
        _ = try await world.operations.start(second, by: "ann", takesOver: true)
        #expect(try await world.stage("d1", in: first) == .superseded)
        #expect(try await world.stage("d0", in: first) == .succeeded)
        #expect(try await world.state(first) == .completed)
    }

    // MARK: Ways back

    @Test("aborted, devices that have not begun get back what they had, and the others finish")
    func abort() async throws {
        let (world, _) = try await Self.world()
        _ = try await world.started("42", ["a", "b"])
        for name in ["a", "b"] { try await world.succeed(name) }
        let rollout = try await world.started("43", ["a", "b", "e"])
        try await world.report("a", "EcuDownloadStarted")
        #expect(try await world.operations.abort(rollout, by: "ann").state == .aborted)
        #expect(try world.assigned("a") == "43" && world.assigned("b") == "42" && world.assigned("e") == nil)
        await #expect { try await world.operations.resume(rollout, by: "ann") } throws: { ($0 as? FleetError)?.code == .rolloutInvalid }
    }

    @Test("reverted, every device gets back what it had, also after the end; a device of another rollout keeps that one's")
    func revert() async throws {
        let (world, _) = try await Self.world()
        _ = try await world.started("41", ["a"])
        try await world.succeed("a")
        let rollout = try await world.started("42", ["a", "b", "e"])
        for name in ["a", "b", "e"] { try await world.report(name, "EcuInstallationCompleted", success: true, number: 1) }
        #expect(try await world.state(rollout) == .completed)
        let other = try await world.started("43", ["b"])
        #expect(try await world.operations.revert(rollout, by: "ann").state == .reverted)
        #expect(try world.assigned("a") == "41" && world.assigned("b") == "43" && world.assigned("e") == nil)
        #expect(try await world.state(other) == .running)
        #expect(try world.operations.board.rollout(of: id("b")) == other)
    }

    @Test("killed at any write of a reversal, the next start finishes it or nothing happened")
    func revertKilled() async throws {
        for kind in [Fault.Kind.killedBefore, .killedAfter] {
            var number = 0
            while true {
                number += 1
                let world = try await RolloutWorld()
                _ = try await world.started("42", ["a"])
                try await world.succeed("a")
                let rollout = try await world.started("43", ["a", "b"])
                try await world.report("a", "EcuInstallationCompleted", success: true, number: 1)
                let fault = Fault(atWrite: number, kind)
                world.use(fault)
                _ = try? await world.operations.revert(rollout, by: "ann")
                guard fault.wasHit else { break }
                try world.restart()
                try await world.operations.recover()
                let isReverted = try await world.state(rollout) == .reverted
                #expect(try world.assigned("a") == (isReverted ? "42" : "43"), "\(kind) \(number)")
                #expect(try world.assigned("b") == (isReverted ? nil : "43"), "\(kind) \(number)")
                #expect(try await world.operations.show(rollout) == world.rollouts.load(rollout))
            }
            #expect(number > 3)
        }
    }
}
