import DeviceAuth
import Testing
import UpdateTree

@testable import Fleet

@Suite("Explanations")
struct ExplanationTests {
    private static let now: Int64 = 1_000

    private func state(_ change: (inout DeviceState) throws -> Void = { _ in }) throws -> DeviceState {
        var state = DeviceState(id: try id("a"), channel: .ci, createdAt: 1, tag: try UpdateTree.Tag("main"))
        try change(&state)
        return state
    }

    /// A rollout of ci/main/43 with the devices `a` to `e`, of which `a` is in the last phase when there are several.
    private func membership(
        _ lines: [String], plan: RolloutPlan = .plain, starts: Bool = true, of device: String = "a"
    ) throws -> RolloutMembership {
        var rollout = RolloutID.make(at: 1)
        let devices = try ["a", "b", "c", "d", "e"].map { try id($0) }
        let asked = try id(device)
        // Phases are drawn by the rollout's id.
        var progress = RolloutProgress(
            rollout: Rollout(id: rollout, update: try update("43"), createdAt: 1, createdBy: "ann", plan: plan), devices: devices)
        let all = (starts ? ["AT: 1970-01-01T00:01:00Z", "STARTED: 5"] : []) + lines
        for _ in 0..<1_000 {
            rollout = RolloutID.make(at: 1)
            progress = RolloutProgress(
                rollout: Rollout(id: rollout, update: try update("43"), createdAt: 1, createdBy: "ann", plan: plan), devices: devices)
            for text in all { progress.apply(try #require(RolloutLine(text), "\(text)")) }
            if plan.phases.isEmpty || !starts || progress[asked]?.phase == plan.phases.count { break }
        }
        let entry = RolloutBoard.Entry(update: try update("43"), targets: ["lmp-43"], progress: progress)
        return RolloutMembership(entry, of: asked)
    }

    private func explain(
        _ state: DeviceState?, _ membership: RolloutMembership? = nil, scheduled: [RolloutMembership] = [], seen: Int64 = 900,
        registration: Registration? = nil, exclusions: [(rollout: RolloutID, reason: Rollout.Skipped.Reason)] = [],
        serving: UpdateServing? = .served, now: Int64 = Self.now
    ) throws -> Explanation {
        Explanation(
            DeviceSituation(
                id: try id("a"), state: state, lastSeen: seen, registration: registration, membership: membership, scheduled: scheduled,
                exclusions: exclusions, serving: serving, now: now))
    }

    private func slugs(_ explanation: Explanation) -> [ReasonSlug] { explanation.reasons.map(\.slug) }

    private func sentence(_ explanation: Explanation, _ slug: ReasonSlug) -> String {
        explanation.reasons.first { $0.slug == slug }?.sentence ?? "no \(slug.rawValue) among \(slugs(explanation))"
    }

    // MARK: The device

    @Test("a device that waits to be let in, or was rejected, is told so; the gateway refuses it with the same word")
    func registrations() throws {
        var registration = Registration(try identity("a"), tag: nil, at: 60)
        let pending = try explain(nil, registration: registration, serving: nil)
        #expect(slugs(pending) == [.registrationPending])
        #expect(sentence(pending, .registrationPending).contains("since 1970-01-01T00:01:00Z"))
        #expect(pending.refusal == .init(status: 403, slug: "device-pending"))
        registration.isRejected = true
        let rejected = try explain(nil, registration: registration, serving: nil)
        #expect(slugs(rejected) == [.registrationRejected])
        #expect(rejected.refusal == .init(status: 403, slug: "device-rejected"))
    }

    @Test("a deleted device has one reason; a denied one goes on with the others")
    func refusedDevices() throws {
        let deleted = try explain(state { $0.isDeleted = true })
        #expect(slugs(deleted) == [.deviceDeleted])
        #expect(deleted.refusal == .init(status: 403, slug: "device-deleted"))
        let denied = try explain(state { $0.isDenied = true })
        #expect(slugs(denied) == [.deviceDenied, .noUpdateAssigned])
        #expect(denied.refusal == .init(status: 403, slug: "device-denied"))
    }

    @Test("a certificate that has ended comes before everything else that the gateway asks")
    func expired() throws {
        let ended = try explain(
            state {
                $0.isDenied = true
                $0.certificateEnds = Self.now
            })
        #expect(sentence(ended, .certificateExpired).contains("ended at 1970-01-01T00:16:40Z"))
        #expect(ended.refusal == .init(status: 403, slug: "certificate-expired"))
        #expect(try !slugs(explain(state { $0.certificateEnds = Self.now + 1 })).contains(.certificateExpired))
    }

    @Test("a device that was never seen, or told no tag, is told so")
    func unseen() throws {
        let unseen = try explain(
            state {
                $0.tag = nil
                $0.updateName = try UpdateName("43")
            }, seen: 0, serving: nil)
        #expect(slugs(unseen) == [.neverSeen, .noTag])
        #expect(unseen.refusal == .init(status: 404, slug: "no-tag"))
    }

    // MARK: The update

    @Test("channel, tag and assignment lead to the update that is served")
    func served() throws {
        let explanation = try explain(state { $0.updateName = try UpdateName("43") })
        #expect(explanation.update == (try update("43")))
        #expect(explanation.refusal == nil && explanation.reasons.isEmpty)
    }

    @Test("without an assignment there is none, which a rollout that the device waits in explains better")
    func unassigned() throws {
        let none = try explain(state())
        #expect(slugs(none) == [.noUpdateAssigned])
        #expect(none.refusal == .init(status: 404, slug: "no-update-assigned"))
        let waiting = try explain(state(), membership(["PHASE: 1"]))
        #expect(slugs(waiting) == [.turnAwaited])
        #expect(waiting.refusal == none.refusal)
    }

    @Test(
        "an update that is absent, unchecked or refused is told, with what was found",
        arguments: [
            (UpdateServing.missing, ReasonSlug.updateMissing, "update-missing", "import it"),
            (.notVerified, .updateNotVerified, "update-not-verified", "otaserve updates verify ci/main/43"),
            (.refused(because: "tuf/root.json: signature"), .updateRefused, "update-not-verified", "tuf/root.json: signature"),
        ])
    func notServed(serving: UpdateServing, slug: ReasonSlug, problem: String, part: String) throws {
        let explanation = try explain(state { $0.updateName = try UpdateName("43") }, serving: serving)
        #expect(slugs(explanation) == [slug])
        #expect(sentence(explanation, slug).contains(part))
        #expect(explanation.refusal == .init(status: 404, slug: problem))
    }

    // MARK: The rollout

    @Test("a rollout that has not begun is told with its time, or with the approval that it waits for")
    func scheduled() throws {
        let timed = try membership(["SCHEDULED: ann"], plan: RolloutPlan(startAt: 7_200, needsApproval: true), starts: false)
        let explanation = try explain(state(), scheduled: [timed])
        #expect(slugs(explanation) == [.rolloutScheduled])
        #expect(sentence(explanation, .rolloutScheduled).contains("begins at 1970-01-01T02:00:00Z"))
        #expect(try slugs(explain(state(), scheduled: [timed], now: 7_200)) == [.rolloutNeedsApproval])
        let approved = try membership(
            ["SCHEDULED: ann", "APPROVED: bob"], plan: RolloutPlan(startAt: 7_200, needsApproval: true), starts: false)
        #expect(try sentence(explain(state(), scheduled: [approved], now: 7_200), .rolloutScheduled).contains("in a moment"))
    }

    @Test("a paused rollout is told with who paused it and why")
    func paused() throws {
        let paused = try membership(["PHASE: 1", "PAUSED: token ab12: looks wrong"])
        #expect(try sentence(explain(state(), paused), .rolloutPaused).hasSuffix("is paused by token ab12: looks wrong"))
        let early = try membership(["SCHEDULED: ann", "PAUSED: rule:start: d is in another rollout"], starts: false)
        #expect(try slugs(explain(state(), scheduled: [early])) == [.rolloutPaused])
    }

    @Test("a rollout that left the device out says why")
    func leftOut() throws {
        let rollout = RolloutID.make(at: 1)
        let explanation = try explain(state(), exclusions: [(rollout, .otherTag)])
        #expect(slugs(explanation) == [.leftOut, .noUpdateAssigned])
        #expect(sentence(explanation, .leftOut) == "the rollout \(rollout) left the device out: tag-differs")
    }

    private static let gated = RolloutPlan(phases: [
        RolloutPhase(size: .count(4), gate: 90, soak: TimeSpan(seconds: 3_600)), RolloutPhase(),
    ])

    /// The devices of the first phase, offered, and so many of them done.
    private func firstPhase(succeeded: Int, then more: [String] = [], plan: RolloutPlan = gated) throws -> RolloutMembership {
        let others = ["b", "c", "d", "e"]
        let lines =
            ["PHASE: 1"] + others.map { "DEVICE_OFFERED: \($0) -" } + others.prefix(succeeded).map { "DEVICE_RUNNING: \($0) lmp-43" }
        return try membership(lines + more, plan: plan)
    }

    @Test("a phase that is not open is told with the gate of the one before: how far it is and how far it must be")
    func gate() throws {
        #expect(try sentence(explain(state(), membership([], plan: Self.gated)), .phaseNotOpen) == "phase 2 of 2 is not open; none is yet")
        let explanation = try explain(state(), firstPhase(succeeded: 3))
        #expect(slugs(explanation) == [.phaseNotOpen, .gateNotMet])
        #expect(sentence(explanation, .phaseNotOpen) == "phase 2 of 2 is not open; phase 1 is")
        #expect(sentence(explanation, .gateNotMet) == "phase 1 is at 75 % of its gate of 90 %: 3 of 4 devices succeeded")
    }

    @Test("a gate that is met soaks until its time")
    func soaking() throws {
        let membership = try firstPhase(succeeded: 4, then: ["AT: 1970-01-01T00:10:00Z", "GATE: 1 met"])
        let explanation = try explain(state(), membership)
        #expect(slugs(explanation) == [.phaseNotOpen, .soaking])
        #expect(sentence(explanation, .soaking) == "phase 1 soaks until 1970-01-01T01:10:00Z")
        #expect(try slugs(explain(state(), membership, now: 4_200)) == [.phaseNotOpen])
    }

    @Test("a pause that the plan asks for is told before it comes")
    func pauseAhead() throws {
        let plan = RolloutPlan(phases: [RolloutPhase(size: .count(4), then: .pause), RolloutPhase()])
        #expect(try slugs(explain(state(), firstPhase(succeeded: 0, plan: plan))) == [.phaseNotOpen, .pauseAhead])
    }

    @Test("a window that is shut is told with the time at which it opens")
    func window() throws {
        let plan = RolloutPlan(window: try TimeWindow(from: 120, to: 180, zone: "UTC"))
        let explanation = try explain(state(), membership(["PHASE: 1"], plan: plan))
        #expect(slugs(explanation) == [.windowShut])
        #expect(sentence(explanation, .windowShut).hasSuffix("is shut until 1970-01-01T02:00:00Z"))
        #expect(try slugs(explain(state(), membership(["PHASE: 1"], plan: plan), now: 7_200)) == [.turnAwaited])
    }

    @Test("a cap that is reached is told with its number")
    func cap() throws {
        let plan = RolloutPlan(cap: 2)
        let full = try membership(["PHASE: 1", "DEVICE_OFFERED: b -", "DEVICE_OFFERED: c -"], plan: plan)
        #expect(try sentence(explain(state(), full), .capReached) == "2 devices are updating at once; the cap of the rollout is 2")
        let free = try membership(["PHASE: 1", "DEVICE_OFFERED: b -", "DEVICE_OFFERED: c -", "DEVICE_RUNNING: c lmp-43"], plan: plan)
        #expect(try slugs(explain(state(), free)) == [.turnAwaited])
    }

    @Test("a device that must run another version first is told which, and which it runs")
    func stone() throws {
        let membership = try membership(["PHASE: 1"], plan: RolloutPlan(minVersion: 41))
        let old = try explain(state { $0.targetName = "intel-corei7-64-lmp-40" }, membership)
        #expect(sentence(old, .versionNeeded) == "the device needs version 41 first; it runs 40")
        #expect(try sentence(explain(state(), membership), .versionNeeded).hasSuffix("it has not told what it runs"))
        #expect(try slugs(explain(state { $0.targetName = "intel-corei7-64-lmp-41" }, membership)) == [.turnAwaited])
    }

    @Test("a device whose tag or certificate changed since the start is told so")
    func changed() throws {
        let membership = try membership(["PHASE: 1"])
        #expect(try slugs(explain(state { $0.tag = try UpdateTree.Tag("devel") }, membership)) == [.tagDiffers])
        #expect(try slugs(explain(state { $0.channel = .prod }, membership)) == [.channelDiffers])
    }

    @Test(
        "a device that was offered the update is told how far it is",
        arguments: [
            ([], ReasonSlug.notSeenSinceOffer, "has not made contact since"),
            (["DEVICE_SEEN: a"], .underway, "is offered"),
            (["DEVICE_STATUS: a DownloadStarted"], .underway, "is downloading, last with DownloadStarted, at 1970-01-01T00:01:00Z"),
            (["DEVICE_RUNNING: a lmp-43"], .succeeded, "succeeded at 1970-01-01T00:01:00Z"),
            (["DEVICE_STATUS: a InstallComplete - false: no space"], .failed, "InstallComplete: no space"),
            (["DEVICE_TIMEOUT: a"], .timedOut, "silent until its deadline"),
        ] as [([String], ReasonSlug, String)])
    func stages(lines: [String], slug: ReasonSlug, part: String) throws {
        let explanation = try explain(
            state { $0.updateName = try UpdateName("43") }, membership(["PHASE: 1", "DEVICE_OFFERED: a -"] + lines))
        #expect(slugs(explanation) == [slug])
        #expect(sentence(explanation, slug).contains(part), "\(sentence(explanation, slug))")
        #expect(explanation.refusal == nil)
    }

    @Test("a rollout that was scheduled, by list or by filter, is found for the devices that it is for, and for no other")
    func gathered() async throws {
        let world = try await RolloutWorld(clock: Clock(step: 0))
        for plan in [RolloutPlan(startAt: 50_000), RolloutPlan(targets: RolloutTargets(.filter("uuid=a")), startAt: 50_000)] {
            let rollout = try await world.create("43", plan.targets == nil ? ["a"] : [], plan: plan)
            _ = try await world.operations.start(rollout, by: "ann")
        }
        let situation = try await world.operations.situation(of: id("a")) { _ in .served }
        #expect(situation.scheduled.count == 2 && situation.membership == nil)
        #expect(try await world.operations.situation(of: id("b")) { _ in .served }.scheduled.isEmpty)
        await #expect { try await world.operations.situation(of: id("x")) { _ in .served } } throws: {
            ($0 as? FleetError)?.code == .deviceUnknown
        }
    }

    @Test("a device of a running rollout is found there, and the one that it left out is told")
    func running() async throws {
        let world = try await RolloutWorld()
        let rollout = try await world.started("43", ["a", "c"])
        let taken = try await world.operations.situation(of: id("a")) { $0.name.text == "43" ? .served : .missing }
        #expect(taken.membership?.rollout == rollout && taken.serving == .served)
        #expect(Explanation(taken).reasons.map(\.slug) == [.neverSeen, .notSeenSinceOffer])
        let leftOut = try await world.operations.situation(of: id("c")) { _ in .missing }
        #expect(leftOut.membership == nil && leftOut.exclusions.map(\.reason) == [.otherTag])
    }
}
