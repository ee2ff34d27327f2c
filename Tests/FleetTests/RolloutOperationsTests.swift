import DeviceAuth
import Fleet
import Testing
import UpdateTree

@Suite struct RolloutOperationsTests {
    @Test("a rollout of an update that is not there is refused, also when it vanished before the start")
    func noUpdate() async throws {
        let world = try await RolloutWorld()
        await #expect { try await world.operations.create(try update("gone"), by: "ann") } throws: {
            ($0 as? FleetError)?.code == .updateUnknown
        }
        let rollout = Rollout(id: .make(at: 1), update: try update("gone"), createdAt: 1)
        try world.rollouts.create(rollout)
        await #expect { try await world.operations.start(rollout.id, by: "ann") } throws: { ($0 as? FleetError)?.code == .updateUnknown }
        #expect(try await world.operations.show(rollout.id).state == .draft)
    }

    @Test("an unknown rollout is refused by every operation")
    func unknown() async throws {
        let world = try await RolloutWorld()
        let none = RolloutID.make(at: 1)
        await #expect { try await world.operations.start(none, by: "ann") } throws: { ($0 as? FleetError)?.code == .rolloutUnknown }
        await #expect { try await world.operations.add([try id("a")], to: none) } throws: { ($0 as? FleetError)?.code == .rolloutUnknown }
        await #expect { try await world.operations.show(none) } throws: { ($0 as? FleetError)?.code == .rolloutUnknown }
    }

    @Test("start assigns the devices that match and tells about the others")
    func start() async throws {
        let world = try await RolloutWorld()
        let rollout = try await world.create("43", ["a", "c", "d", "x", "a"])
        #expect(try world.assigned("a") == nil)
        #expect(try await world.stage("a", in: rollout) == nil)
        let started = try await world.operations.start(rollout, by: "ann")
        #expect(started.state == .running && started.startedAt != nil)
        let reasons = started.skipped.map { "\($0.uuid) \($0.reason.rawValue)" }
        #expect(reasons == ["c tag-differs", "d device-denied", "x device-unknown"])
        #expect(try world.assigned("a") == "43")
        #expect(try world.assigned("b") == nil && world.assigned("c") == nil && world.assigned("d") == nil)
        #expect(try await world.stage("a", in: rollout) == .offered)
        #expect(try await world.stage("c", in: rollout) == nil)
        #expect(world.rollouts.active == [rollout])
    }

    @Test("starting again changes nothing")
    func startTwice() async throws {
        let world = try await RolloutWorld()
        let rollout = try await world.started("43", ["a", "c"])
        let before = try await world.picture()
        #expect(try await world.operations.start(rollout, by: "ann") == world.rollouts.load(rollout))
        #expect(try await world.picture() == before)
    }

    @Test("devices that are added to a running rollout are assigned at once, and those it has already stay as they are")
    func addLater() async throws {
        let world = try await RolloutWorld()
        let rollout = try await world.started("43", ["a", "c"])
        let after = try await world.operations.add([try id("a"), try id("b"), try id("d"), try id("b")], to: rollout)
        #expect(after.state == .running)
        #expect(after.skipped.map(\.uuid.text) == ["c", "d"])
        #expect(try world.assigned("b") == "43")
        #expect(try world.rollouts.devices(of: rollout).map(\.text) == ["a", "c", "b", "d"])
    }

    @Test("a device that a later rollout takes over is superseded in the one before, and its news go to the later one")
    func takeOver() async throws {
        let world = try await RolloutWorld()
        let first = try await world.started("42", ["a", "b"])
        let second = try await world.started("43", ["a"])
        #expect(try await world.stage("a", in: first) == .superseded)
        #expect(try await world.stage("b", in: first) == .offered)
        try await world.succeed("a")
        #expect(try await world.stage("a", in: second) == .succeeded)
        #expect(try await world.operations.show(second).state == .completed)
        #expect(try await world.operations.show(first).state == .running)
        try await world.succeed("b")
        #expect(try await world.operations.show(first).state == .completed)
        #expect(world.rollouts.active == [])
    }

    @Test("a rollout whose devices are all taken over is complete")
    func allTakenOver() async throws {
        let world = try await RolloutWorld()
        let first = try await world.started("42", ["a"])
        _ = try await world.started("43", ["a"])
        #expect(try await world.operations.show(first).state == .completed)
        #expect(try await world.stage("a", in: first) == .superseded)
    }

    @Test("a completed rollout to which a device is added runs again, with what it knew before")
    func reopen() async throws {
        let world = try await RolloutWorld()
        let rollout = try await world.started("43", ["a"])
        try await world.succeed("a")
        #expect(try await world.operations.show(rollout).state == .completed)
        _ = try await world.operations.add([try id("b")], to: rollout, takesOver: true)
        #expect(try await world.operations.show(rollout).state == .running)
        #expect(try await world.stage("a", in: rollout) == .succeeded)
        #expect(try await world.stage("b", in: rollout) == .offered)
        let before = try await world.picture()
        try world.restart()
        try await world.operations.recover()
        #expect(try await world.picture() == before)
        // Only a device that cannot have the update: nothing is left to wait for.
        try await world.succeed("b")
        #expect(try await world.operations.add([try id("c")], to: rollout).state == .completed)
        #expect(world.rollouts.active == [])
    }

    @Test("the first contact is noted once, and news of devices in no rollout nowhere")
    func firstSight() async throws {
        let world = try await RolloutWorld()
        let rollout = try await world.started("43", ["a"])
        let board = world.operations.board
        #expect(try board.news(of: id("a"), target: nil) == .seen(rollout))
        try await world.intake.note(.seen(rollout), of: try id("a"))
        #expect(try board.news(of: id("a"), target: "lmp-42") == nil)
        #expect(try board.news(of: id("b"), target: nil) == nil)
        try await world.report("b", "EcuDownloadStarted")
        try await world.report("a", "EcuDownloadStarted")
        try await world.report("a", "EcuDownloadStarted")
        let lines = world.rollouts.texts(of: rollout).filter { !$0.hasPrefix("AT") }
        #expect(
            lines == ["STARTED: 1", "PHASE: 1", "DEVICE_OFFERED: a -", "DEVICE_SEEN: a", "DEVICE_STATUS: a DownloadStarted"], "\(lines)")
    }

    @Test("a listener is woken by news of its rollout")
    func feed() async throws {
        let world = try await RolloutWorld()
        let rollout = try await world.started("43", ["a"])
        let listening = world.operations.board.feed.listen(to: rollout)
        try await world.report("a", "EcuDownloadStarted")
        var woken = listening.growth.makeAsyncIterator()
        #expect(await woken.next() != nil)
        world.operations.board.feed.finish()
        #expect(await woken.next() == nil)
    }

    @Test("a restart finds every rollout as it was", arguments: [Int64(0), 1])
    func restart(step: Int64) async throws {
        let world = try await RolloutWorld(clock: Clock(step: step))
        let first = try await world.started("42", ["a", "b", "e"])
        _ = try await world.started("43", ["b", "c"])
        try await world.succeed("a")
        try await world.report("b", "EcuDownloadCompleted", success: false)
        // Added to the older rollout after the younger one began: the record says whose the device is.
        _ = try await world.operations.add([try id("f")], to: first, takesOver: true)
        _ = try await world.create("44", ["a", "f"])
        let before = try await world.picture()
        try world.restart()
        try await world.operations.recover()
        #expect(try await world.picture() == before)
        try await world.operations.recover()
        #expect(try await world.picture() == before)
    }

    @Test("a device that was added to an older rollout stays there after a restart")
    func olderRolloutTakesOver() async throws {
        let world = try await RolloutWorld()
        let first = try await world.started("42", ["a"])
        let second = try await world.started("43", ["b", "e"])
        _ = try await world.operations.add([try id("b")], to: first, takesOver: true)
        #expect(try await world.stage("b", in: second) == .superseded)
        let before = try await world.picture()
        try world.restart()
        try await world.operations.recover()
        #expect(try await world.picture() == before)
        #expect(try world.operations.board.rollout(of: id("b")) == first)
    }

    @Test("operations side by side leave the board as the files tell it", arguments: 0..<20)
    func sideBySide(round: Int) async throws {
        let world = try await RolloutWorld()
        let first = try await world.create("42", ["a", "c"])
        let second = try await world.create("43", ["a", "b", "d"])
        let operations = world.operations
        await withTaskGroup(of: Void.self) { group in
            for work: @Sendable () async throws -> Void in [
                { _ = try await operations.start(first, by: "ann", takesOver: true) },
                { _ = try await operations.start(second, by: "ann", takesOver: true) },
                { _ = try await operations.add([try id("b"), try id("e")], to: first, takesOver: true) },
                { _ = try await operations.add([try id("e"), try id("f")], to: second, takesOver: true) },
                { _ = try await operations.start(first, by: "ann", takesOver: true) },
            ] { group.addTask { await #expect(throws: Never.self) { try await work() } } }
        }
        let before = try await world.picture()
        #expect(!before.contains { $0.contains("draft") })
        try world.restart()
        try await world.operations.recover()
        #expect(try await world.picture() == before)
    }
}
