import DeviceAuth
import Fleet
import Testing
import UpdateTree

/// Something an operator or a device does with a rollout that writes more than once.
struct RolloutDeed: CustomTestStringConvertible, Sendable {
    let name: String
    let prepare: @Sendable (RolloutWorld) async throws -> RolloutID
    let run: @Sendable (RolloutWorld, RolloutID) async throws -> Void

    var testDescription: String { name }

    static let all: [RolloutDeed] = [
        RolloutDeed(name: "start") { world in
            _ = try await world.started("42", ["a", "b"])
            return try await world.create("43", ["a", "c", "d", "e"])
        } run: {
            _ = try await $0.operations.start($1, by: "ann", takesOver: true)
        },
        RolloutDeed(name: "start that completes the one before") { world in
            _ = try await world.started("42", ["a", "b"])
            try await world.succeed("b")
            return try await world.create("43", ["a"])
        } run: {
            _ = try await $0.operations.start($1, by: "ann", takesOver: true)
        },
        RolloutDeed(name: "add to a running one") { world in
            let first = try await world.started("42", ["a", "b"])
            _ = try await world.started("43", ["b", "e"])
            return first
        } run: {
            _ = try await $0.operations.add([try id("e"), try id("c"), try id("f")], to: $1, takesOver: true)
        },
        RolloutDeed(name: "add to a completed one") { world in
            let first = try await world.started("42", ["a"])
            try await world.succeed("a")
            _ = try await world.started("43", ["b", "e"])
            return first
        } run: {
            _ = try await $0.operations.add([try id("b"), try id("d")], to: $1, takesOver: true)
        },
        RolloutDeed(name: "the last device succeeds") { world in
            _ = try await world.started("42", ["b"])
            return try await world.started("43", ["a"])
        } run: { world, _ in
            try await world.succeed("a")
        },
        RolloutDeed(name: "create and fill") { world in
            try await world.started("42", ["b"])
        } run: { world, _ in
            _ = try await world.create("43", ["a"])
        },
    ]
}

@Suite struct RolloutCrashTests {
    /// What the world looks like before and after an undisturbed run.
    private func pictures(_ deed: RolloutDeed) async throws -> (before: [String], after: [String]) {
        let world = try await RolloutWorld()
        let rollout = try await deed.prepare(world)
        let before = try await world.picture()
        try await deed.run(world, rollout)
        return (before, try await world.picture())
    }

    @Test(
        "killed at any write, a rollout is afterwards as it was or as it should be, and the board is as the files",
        arguments: RolloutDeed.all)
    func killed(deed: RolloutDeed) async throws {
        let (before, after) = try await pictures(deed)
        for kind in [Fault.Kind.killedBefore, .killedAfter] {
            var number = 0
            while true {
                number += 1
                let world = try await RolloutWorld()
                let rollout = try await deed.prepare(world)
                let fault = Fault(atWrite: number, kind)
                world.use(fault)
                let failed = (try? await deed.run(world, rollout)) == nil
                guard fault.wasHit else { break }
                #expect(failed, "write \(number)")
                try world.restart()
                try await world.operations.recover()
                let found = try await world.picture()
                if deed.name == "create and fill" {
                    // Two operations: between them the rollout is there, and empty.
                    #expect(found.count >= before.count, "\(kind) at write \(number)")
                } else {
                    #expect(
                        found == before || found == after,
                        "\(kind) at write \(number): \(Set(found).subtracting(after)) and not \(Set(after).subtracting(found))")
                }
                try world.restart()
                try await world.operations.recover()
                #expect(try await world.picture() == found, "\(kind) at write \(number), started again")
            }
            #expect(number > 1)
        }
    }

    @Test("killed during recovery, the next recovery finishes the work", arguments: RolloutDeed.all.prefix(3))
    func killedInRecovery(deed: RolloutDeed) async throws {
        let (_, after) = try await pictures(deed)
        var number = 0
        while true {
            number += 1
            let world = try await RolloutWorld()
            let rollout = try await deed.prepare(world)
            // Only the intent is stored.
            world.use(Fault(atWrite: 1, .killedAfter))
            _ = try? await deed.run(world, rollout)
            try world.restart()
            let fault = Fault(atWrite: number, .killedAfter)
            world.use(fault)
            _ = try? await world.operations.recover()
            guard fault.wasHit else { break }
            try world.restart()
            try await world.operations.recover()
            let found = try await world.picture()
            #expect(found == after, "write \(number): \(Set(found).subtracting(after)) and not \(Set(after).subtracting(found))")
        }
        #expect(number > 1)
    }

    @Test(
        "a start that failed does not overwrite what a later rollout assigned", arguments: [Fault.Kind.failsOnce, .doneAndReportedAsFailed])
    func failureThenOther(kind: Fault.Kind) async throws {
        var number = 0
        while true {
            number += 1
            let world = try await RolloutWorld()
            let first = try await world.create("42", ["a", "b"])
            let fault = Fault(atWrite: number, kind)
            world.use(fault)
            _ = try? await world.operations.start(first, by: "ann")
            guard fault.wasHit else { break }
            let second = try await world.started("43", ["a"])
            let before = try await world.picture()
            #expect(try world.assigned("a") == "43", "write \(number)")
            #expect(try world.operations.board.rollout(of: id("a")) == second, "write \(number)")
            try world.restart()
            try await world.operations.recover()
            #expect(try world.assigned("a") == "43", "write \(number)")
            #expect(try await world.picture() == before, "write \(number)")
        }
        #expect(number > 1)
    }

    @Test("a start that failed can be repeated, and then all of it is done", arguments: [Fault.Kind.failsOnce, .doneAndReportedAsFailed])
    func repeated(kind: Fault.Kind) async throws {
        let deed = RolloutDeed.all[0]
        let (_, after) = try await pictures(deed)
        var number = 0
        while true {
            number += 1
            let world = try await RolloutWorld()
            let rollout = try await deed.prepare(world)
            let fault = Fault(atWrite: number, kind)
            world.use(fault)
            _ = try? await deed.run(world, rollout)
            guard fault.wasHit else { break }
            try await deed.run(world, rollout)
            let found = try await world.picture()
            #expect(found == after, "write \(number): \(Set(found).subtracting(after)) and not \(Set(after).subtracting(found))")
        }
        #expect(number > 1)
    }

    @Test("a rollout whose directory was taken away in the middle of its start holds up no other")
    func takenAway() async throws {
        let world = try await RolloutWorld()
        let first = try await world.create("42", ["a"])
        world.use(Fault(atWrite: 2))
        await #expect(throws: Fault.Hit.self) { try await world.operations.start(first, by: "ann") }
        world.rollouts.remove(first)
        let second = try await world.started("43", ["a"])
        #expect(try await world.operations.show(second).state == .running)
    }

    @Test("a completion that could not be stored is stored by the next tick")
    func completionRetried() async throws {
        let world = try await RolloutWorld()
        let first = try await world.started("42", ["a"])
        world.use(Fault(atWrite: 2))
        await #expect(throws: Fault.Hit.self) { try await world.succeed("a") }
        #expect(try await world.state(first) == .running)
        await world.tick()
        #expect(try await world.state(first) == .completed)
    }
}
