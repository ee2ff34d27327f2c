import DeviceAuth
import Testing
import UpdateTree

@testable import Fleet

@Suite("Replays of rollouts")
struct RolloutReplayTests {
    private static let plan = RolloutPlan(
        phases: [RolloutPhase(size: .count(2), gate: 100), RolloutPhase(size: .count(1), gate: 100), RolloutPhase()],
        deadline: TimeSpan(seconds: 3_600))

    /// What the engine wrote of a rollout of `a`, `b`, `e` and `f` that is in its second phase of three, and of `c`, which takes no part.
    private func written(plan: RolloutPlan = plan, _ go: (RolloutWorld, RolloutID) async throws -> Void = { _, _ in }) async throws
        -> (rollout: Rollout, devices: [DeviceID], lines: [String], notes: [RolloutNote], world: RolloutWorld)
    {
        let world = try await RolloutWorld()
        let rollout = try await world.started("43", ["a", "b", "c", "e", "f"], plan: plan)
        var first: [String] = []
        for device in ["a", "b", "e", "f"] where try await world.stage(device, in: rollout) == .offered { first.append(device) }
        for device in first { try await world.succeed(device) }
        await world.tick(1)
        try await go(world, rollout)
        return (
            try world.rollouts.load(rollout), try world.rollouts.devices(of: rollout), world.rollouts.texts(of: rollout),
            try world.rollouts.notes(of: rollout, limit: 1_000), world
        )
    }

    private func replay(
        _ rollout: Rollout, _ devices: [DeviceID], _ lines: [String], _ notes: [RolloutNote], _ world: RolloutWorld
    ) -> RolloutReplay {
        var replay = RolloutReplay(rollout, devices: devices)
        for line in lines { replay.take(line) }
        replay.finish(notes: notes) { world.registry.directory[$0]?.state }
        return replay
    }

    private func slugs(_ replay: RolloutReplay) -> [ReplayFinding.Slug] { replay.findings.map(\.slug) }

    @Test("the files that the engine writes agree, whatever an operator did")
    func agreement() async throws {
        let deeds: [(RolloutWorld, RolloutID) async throws -> Void] = [
            { _, _ in },
            { world, id in
                _ = try await world.operations.pause(id, by: "ann", because: "wait")
                _ = try await world.operations.resume(id, by: "bob")
                _ = try await world.operations.openNext(id, by: "bob")
            },
            { world, id in _ = try await world.operations.pause(id, by: "ann", because: nil) },
            { world, id in
                _ = try await world.operations.pause(id, by: "ann", because: nil); _ = try await world.operations.openNext(id, by: "bob")
            },
            { world, id in _ = try await world.operations.abort(id, by: "ann") },
            { world, id in _ = try await world.operations.revert(id, by: "ann") },
            { world, id in
                _ = try await world.operations.abort(id, by: "ann")
                _ = try await world.operations.revert(id, by: "ann")
            },
            { world, id in for _ in 0..<3 { await world.tick(4_000) } },
            { world, id in _ = try await world.started("44", ["a", "b", "e", "f"]) },
            { world, id in
                for device in ["a", "b", "e", "f"] { try await world.report(device, "EcuInstallationCompleted", success: true, number: 2) }
                for device in ["a", "b", "e", "f"] { try await world.report(device, "EcuInstallationCompleted", success: true, number: 3) }
            },
        ]
        for (number, deed) in deeds.enumerated() {
            let (rollout, devices, lines, notes, world) = try await written(deed)
            let replay = replay(rollout, devices, lines, notes, world)
            #expect(replay.findings.isEmpty, "deed \(number): \(replay.findings) in \(lines)")
            #expect(replay.lineCount == lines.count)
            if let live = world.operations.board.progress(of: rollout.id) { #expect(replay.progress == live) }
        }
    }

    @Test("a rollout.json that says another state, phase, pause, start or other devices that take no part is told")
    func rolloutFile() async throws {
        let (rollout, devices, lines, notes, world) = try await written()
        let spoils: [((inout Rollout) -> Void, ReplayFinding.Slug)] = [
            ({ $0.state = .completed }, .stateDiffers), ({ $0.phase = 1 }, .phaseDiffers),
            ({ $0.pause = Pause(by: "ann", "x") }, .pauseDiffers),
            ({ $0.startedAt = 1 }, .startDiffers), ({ $0.startedAt = nil }, .startDiffers), ({ $0.skipped = [] }, .skippedDiffer),
            ({ $0.isSettled = true }, .settledDiffers),
        ]
        for (spoil, slug) in spoils {
            var spoiled = rollout
            spoil(&spoiled)
            #expect(slugs(replay(spoiled, devices, lines, notes, world)) == [slug])
        }
    }

    @Test("lines that are none are told with their number and change nothing")
    func unreadable() async throws {
        let (rollout, devices, lines, notes, world) = try await written()
        for line in ["", "hello", "PHASE: zero", "DEVICE_OFFERED: ../x -", "DEVICE_SEEN:a", "\u{0}"] {
            let replay = replay(rollout, devices, lines[..<3] + [line] + lines[3...], notes, world)
            #expect(replay.findings.map(\.slug) == [.lineUnreadable] && replay.findings.first?.line == 4, "\(line.debugDescription)")
        }
    }

    @Test("lines that contradict the state are told, each by its kind")
    func contradictions() async throws {
        let (rollout, devices, lines, notes, world) = try await written()
        let progress = replay(rollout, devices, lines, notes, world).progress
        let last = try #require(progress.devices.last { $0.stage == .waiting }).id
        let first = try #require(progress.devices.first).id
        let cases: [([String], [ReplayFinding.Slug])] = [
            (["DEVICE_OFFERED: \(last) -"], [.offeredBeforePhase]), (["DEVICE_OFFERED: \(first) -"], [.offeredTwice]),
            (["DEVICE_OFFERED: x -"], [.deviceUnknown]), (["DEVICE_SEEN: x"], [.deviceUnknown]),
            (["DEVICE_STATUS: \(last) DownloadStarted"], [.lineImpossible]), (["DEVICE_TIMEOUT: \(last)"], [.lineImpossible]),
            (["DEVICE_PUT_BACK: \(first) -"], [.lineImpossible]), (["DEVICE_JOINED: \(first)"], [.lineImpossible]),
            (["DEVICE_JOINED: x"], [.devicesMissing]), (["AT: 1970-01-01T00:00:01Z"], [.timeBackwards]),
            (["STARTED: 4"], [.lineImpossible]), (["PHASE: 2"], [.lineImpossible]), (["PHASE: 4"], [.lineImpossible]),
            (["GATE: 3 met"], [.lineImpossible]), (["RESUMED: ann"], [.lineImpossible]), (["COMPLETED: -"], [.lineImpossible]),
            (["SETTLED: -"], [.lineImpossible]), (["SCHEDULED: ann"], [.lineImpossible]), (["APPROVED: ann"], [.lineImpossible]),
        ]
        for (more, expected) in cases {
            let replay = replay(rollout, devices, lines + more, notes, world)
            let found = replay.findings.filter { $0.line == lines.count + 1 && $0.slug != .decisionMissing }.map(\.slug)
            #expect(found == expected, "\(more)")
        }
        let paused = replay(rollout, devices, lines + ["PAUSED: ann: x", "PHASE: 3", "DEVICE_OFFERED: \(last) -"], notes, world)
        #expect(paused.findings.contains { $0.slug == .offeredWhileStill })
    }

    @Test("an offer outside the window is told, one that was decided in it and stored a moment later is not")
    func window() async throws {
        let plan = RolloutPlan(window: try TimeWindow(from: 0, to: 60, zone: "UTC"))
        let (rollout, devices, lines, notes, world) = try await written(plan: plan)
        #expect(replay(rollout, devices, lines, notes, world).findings.isEmpty)
        for (time, slugs) in [("01:00:30", []), ("01:02:00", [ReplayFinding.Slug.offeredOutsideWindow])] {
            var replay = RolloutReplay(rollout, devices: devices)
            for line in lines.prefix(while: { !$0.hasPrefix("DEVICE_OFFERED") }) + ["AT: 1970-01-01T\(time)Z", "DEVICE_OFFERED: a -"] {
                replay.take(line)
            }
            #expect(replay.findings.map(\.slug) == slugs)
        }
    }

    @Test("a devices.json that lost devices is told")
    func lostDevices() async throws {
        let (rollout, devices, lines, notes, world) = try await written()
        #expect(slugs(replay(rollout, Array(devices.dropLast()), lines, notes, world)).contains(.devicesMissing))
    }

    @Test("a transition without a note is told, and a note without its line")
    func decisions() async throws {
        let (rollout, devices, lines, notes, world) = try await written { world, id in
            _ = try await world.operations.pause(id, by: "ann", because: "x")
        }
        for (index, note) in notes.enumerated() where !note.what.hasPrefix("DEVICE_OFFERED") && !note.what.hasPrefix("DEVICE_RUNNING") {
            var fewer = notes
            fewer.remove(at: index)
            #expect(slugs(replay(rollout, devices, lines, fewer, world)) == [.decisionMissing], "\(note.what)")
        }
        let extra = notes + [RolloutNote(at: 1, what: "PHASE: 3", because: "x")]
        #expect(slugs(replay(rollout, devices, lines, extra, world)) == [.decisionWithoutLine])
    }

    @Test("a device that was offered the update and whose record does not have it is told")
    func records() async throws {
        let (rollout, devices, lines, notes, world) = try await written()
        let offered = try #require(replay(rollout, devices, lines, notes, world).progress.devices.first { $0.stage == .offered }).id
        try await world.registry.assign(try UpdateName("41"), to: [offered])
        let found = replay(rollout, devices, lines, notes, world)
        #expect(slugs(found) == [.recordDiffers])
        #expect(found.findings.first?.sentence.contains("has the update 41 instead of 43") == true)
        var gone = RolloutReplay(rollout, devices: devices)
        for line in lines { gone.take(line) }
        gone.finish(notes: notes) { _ in nil }
        #expect(gone.findings.map(\.slug) == [.recordDiffers])
    }

    @Test("findings beyond the thousandth are counted only")
    func many() throws {
        var replay = RolloutReplay(Rollout(id: .make(at: 1), update: try update("43"), createdAt: 1), devices: [])
        for _ in 0..<1_500 { replay.take("x") }
        #expect(replay.findings.count == RolloutReplay.mostFindings && replay.findingCount == 1_500)
    }
}
