import DeviceAuth
import Testing
import UpdateTree

@testable import Fleet

@Suite struct RolloutProgressTests {
    private func progress(
        _ lines: [String], devices: [String] = ["a", "b"], plan: RolloutPlan = .plain
    ) throws -> RolloutProgress {
        let rollout = Rollout(id: .make(at: 1), update: try update("43"), createdAt: 1, createdBy: "ann", plan: plan)
        var progress = RolloutProgress(rollout: rollout, devices: try devices.map(id))
        let all = ["AT: 1970-01-01T00:01:00Z", "STARTED: \(devices.count)", "PHASE: 1"] + devices.map { "DEVICE_OFFERED: \($0) -" } + lines
        for text in all { progress.apply(try #require(RolloutLine(text), "\(text)")) }
        return progress
    }

    @Test("lines about devices that are not in the rollout change nothing")
    func strangers() throws {
        let before = try progress([])
        var after = before
        for text in ["DEVICE_SEEN: c", "DEVICE_STATUS: c InstallComplete - true", "DEVICE_TIMEOUT: c", "DEVICE_RUNNING: c lmp-43"] {
            after.apply(try #require(RolloutLine(text)))
        }
        #expect(after == before)
    }

    static let stages: [(lines: [String], stage: DeviceStage)] = [
        ([], .offered), (["DEVICE_SEEN: a"], .offered), (["DEVICE_STATUS: a MetadataUpdateComplete - true"], .offered),
        (["DEVICE_STATUS: a DownloadStarted"], .downloading), (["DEVICE_STATUS: a DownloadComplete - true"], .downloading),
        (["DEVICE_STATUS: a DownloadComplete - false"], .failed), (["DEVICE_STATUS: a InstallStarted"], .installing),
        (["DEVICE_STATUS: a InstallApplied"], .installing), (["DEVICE_STATUS: a InstallComplete"], .installing),
        (["DEVICE_STATUS: a DownloadComplete - false", "DEVICE_STATUS: a MetadataUpdateComplete - true"], .failed),
        (["DEVICE_STATUS: a DownloadComplete - false", "DEVICE_STATUS: a DownloadStarted"], .downloading),
        (["DEVICE_STATUS: a InstallComplete - false: no space"], .failed), (["DEVICE_STATUS: a InstallComplete - true"], .succeeded),
        (["DEVICE_STATUS: a InstallComplete - true", "DEVICE_STATUS: a MetadataUpdateComplete - true"], .succeeded),
        (["DEVICE_STATUS: a InstallComplete - true", "DEVICE_STATUS: a InstallComplete - false"], .failed),
        (["DEVICE_RUNNING: a lmp-43"], .succeeded), (["DEVICE_TIMEOUT: a"], .timedOut),
        (["DEVICE_TIMEOUT: a", "DEVICE_STATUS: a InstallComplete - true"], .succeeded),
        (["DEVICE_STATUS: a InstallComplete - false", "DEVICE_TIMEOUT: a"], .failed),
        (["DEVICE_SUPERSEDED: a 1-b", "DEVICE_STATUS: a InstallComplete - true"], .superseded),
        (["DEVICE_PUT_BACK: a 42", "DEVICE_STATUS: a InstallComplete - true"], .putBack),
    ]

    @Test("a device's stage follows from its lines", arguments: stages)
    func stage(lines: [String], stage: DeviceStage) throws {
        #expect(try progress(lines)[id("a")]?.stage == stage)
    }

    @Test("failures are counted by what the devices say, as long as they are their present ones")
    func failures() throws {
        let lines = ["DEVICE_STATUS: a InstallComplete - false: no space", "DEVICE_STATUS: b InstallComplete - false: no space"]
        #expect(try progress(lines).failures == ["InstallComplete: no space": 2])
        #expect(try progress(lines + ["DEVICE_STATUS: a DownloadStarted"]).failures == ["InstallComplete: no space": 1])
        #expect(try progress(lines + ["DEVICE_STATUS: a DownloadComplete - false"]).failures.count == 2)
        #expect(try progress(lines + ["DEVICE_RUNNING: a lmp-43", "DEVICE_RUNNING: b lmp-43"]).failures.isEmpty)
        #expect(try progress(["DEVICE_TIMEOUT: a"]).failures == [RolloutProgress.silence: 1])
    }

    @Test("phases share the devices as the plan says, the last takes what is left, in an order that is the rollout's own")
    func phases() throws {
        let names = (0..<100).map { "d\($0)" }
        let plan = RolloutPlan(phases: [
            RolloutPhase(size: .count(3)), RolloutPhase(size: .percent(10)), RolloutPhase(size: .percent(1)), RolloutPhase(),
        ])
        let first = try progress([], devices: names, plan: plan)
        #expect(first.phases.map(\.size) == [3, 10, 1, 86])
        #expect(first.devices.map(\.phase) == first.devices.map(\.phase).sorted())
        #expect(Set(first.devices.map(\.id.text)) == Set(names))
        let canaries = Set((0..<20).map { _ in try? progress([], devices: names, plan: plan).devices[0].id })
        #expect(canaries.count > 5)
        #expect(RolloutPlan(phases: [RolloutPhase(size: .percent(1)), RolloutPhase()]).sizes(of: 10) == [1, 9])
        #expect(
            RolloutPlan(phases: [RolloutPhase(size: .count(9)), RolloutPhase(size: .count(9)), RolloutPhase()]).sizes(of: 10) == [9, 1, 0])
        #expect(RolloutPlan.plain.sizes(of: 0) == [0])
    }

    @Test("a rollout of the first format has its devices assigned, and goes on with new lines")
    func former() throws {
        var rollout = Rollout(id: .make(at: 1), update: try update("43"), createdAt: 1)
        rollout.state = .running
        rollout.startedAt = 5
        rollout.skipped = [.init(uuid: try id("b"), reason: .denied)]
        var progress = RolloutProgress(rollout: rollout, devices: [try id("a"), try id("b")])
        for text in ["DEVICE_SEEN: a", "DEVICE_STATUS: a InstallComplete - true"] { progress.apply(try #require(RolloutLine(text))) }
        #expect(progress.state == .running && progress.counts[.succeeded] == 1 && progress.devices.count == 1)
    }

    @Test("the counts are those of the devices, whatever lines come in which order", arguments: [UInt64(1), 7, 20_260_131])
    func counts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = (0..<12).map { "d\($0)" }
        var progress = try progress([], devices: names, plan: RolloutPlan(phases: [RolloutPhase(size: .count(4)), RolloutPhase()]))
        let words = [
            "DEVICE_STATUS: D DownloadStarted", "DEVICE_STATUS: D DownloadComplete - false: x", "DEVICE_STATUS: D InstallComplete - true",
            "DEVICE_STATUS: D InstallComplete - false: y", "DEVICE_SEEN: D", "DEVICE_TIMEOUT: D", "DEVICE_RUNNING: D t",
            "DEVICE_OFFERED: D 1", "DEVICE_JOINED: D", "DEVICE_SUPERSEDED: D 1-a", "DEVICE_PUT_BACK: D -",
        ]
        for _ in 0..<3_000 {
            let name =
                Int.random(in: 0..<20, using: &random) == 0
                ? "new\(Int.random(in: 0..<5, using: &random))" : names.randomElement(using: &random)
            let text = words.randomElement(using: &random)?.replacing("D ", with: "\(name ?? "") ") ?? ""
            let line = text.hasSuffix(" D") ? "\(text.dropLast())\(name ?? "")" : text
            progress.apply(try #require(RolloutLine(line), "\(line)"))
            for stage in DeviceStage.allCases {
                #expect(progress.counts[stage] == progress.devices.count { $0.stage == stage }, "seed \(seed)")
                #expect(progress.counts[stage] == progress.phases.reduce(0) { $0 + $1.counts[stage] }, "seed \(seed)")
            }
            #expect(progress.openCount == progress.devices.count { !$0.isFinal }, "seed \(seed)")
            #expect(progress.failures.values.reduce(0, +) == progress.devices.count { $0.failure != nil }, "seed \(seed)")
        }
    }
}

@Suite struct EligibilityTests {
    @Test("only devices of the update's channel and tag that may have it take part; the others are told with the reason")
    func exclusion() throws {
        let update = try update("43")
        let tag = update.tag
        let states: [(DeviceState?, Rollout.Skipped.Reason?)] = [
            (DeviceState(id: try id("good"), channel: .ci, createdAt: 1, tag: tag), nil),
            (DeviceState(id: try id("prod"), channel: .prod, createdAt: 1, tag: tag), .otherChannel),
            (DeviceState(id: try id("other"), channel: .ci, createdAt: 1, tag: try .init("devel")), .otherTag),
            (DeviceState(id: try id("silent"), channel: .ci, createdAt: 1), .otherTag),
            (DeviceState(id: try id("denied"), isDenied: true, channel: .ci, createdAt: 1, tag: tag), .denied),
            (DeviceState(id: try id("both"), isDenied: true, isDeleted: true, channel: .prod, createdAt: 1), .unknown),
            (nil, .unknown),
        ]
        for (state, reason) in states { #expect(Eligibility.exclusion(of: state, from: update) == reason) }
    }

    @Test(
        "a stepping stone is asked of the number at the end of the target's name",
        arguments: [
            (String?.none, Eligibility.needs(version: 41)), ("intel-lmp-40", .needs(version: 41)), ("intel-lmp-41", .eligible),
            ("intel-lmp-100", .eligible), ("intel-lmp", .needs(version: 41)), ("intel-lmp-41x", .needs(version: 41)),
            ("lmp-43", .present(target: "lmp-43")),
        ])
    func steppingStone(target: String?, expected: Eligibility) throws {
        let update = try update("43")
        let state = DeviceState(id: try id("a"), channel: .ci, createdAt: 1, tag: update.tag, targetName: target)
        #expect(Eligibility.of(state, for: update, targets: ["lmp-43"], minVersion: 41) == expected)
    }
}
