import FileTree
import Fleet
import Foundation
import Persistence
import Testing
import UpdateTree

@Suite struct RolloutFilesTests {
    private func rollout(_ name: String = "1700000000-abcdef12") throws -> Rollout {
        Rollout(
            id: try RolloutID(name), update: UpdateKey(channel: .prod, tag: try UpdateTree.Tag("main"), name: try UpdateName("43")),
            createdAt: 1_700_000_000)
    }

    @Test("names that are no rollouts, and directories without a rollout, are left out")
    func foreign() throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        let root = try scratch.root.directory("rollouts")
        _ = try root.makeDirectory("empty")
        try root.makeDirectory("only-events").replace("events", with: [])
        _ = try root.makeDirectory(".hidden")
        try root.replace("file", with: [])
        try root.link("link", to: "empty")
        try files.create(try rollout())
        #expect(try files.ids() == [try rollout().id])
    }

    @Test("a rollout that is not there is unknown")
    func unknown() throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        let none = try RolloutID("none")
        #expect { try files.load(none) } throws: { ($0 as? FleetError)?.code == .rolloutUnknown }
        #expect { try files.devices(of: none) } throws: { ($0 as? FleetError)?.code == .rolloutUnknown }
        #expect { try files.lines(of: none, from: 0, limit: 10) } throws: { ($0 as? FleetError)?.code == .rolloutUnknown }
    }

    @Test(
        "a file that was spoiled by hand is named with a remedy",
        arguments: [
            "", "{", "[]", "{}", #"{"created-at":"yesterday","isProd":true,"tag":"main","update-name":"43"}"#,
            #"{"created-at":"2026-01-31T12:00:00Z","isProd":true,"tag":"../x","update-name":"43"}"#,
            #"{"created-at":"2026-01-31T12:00:00Z","isProd":true,"tag":"main","update-name":"a/b"}"#,
            #"{"created-at":"2026-01-31T12:00:00Z","isProd":true,"tag":"main","update-name":"43","state":"odd"}"#,
        ])
    func spoiled(text: String) throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        try files.create(try rollout())
        try scratch.put(Array(text.utf8), at: "rollouts/\(try rollout().id)/rollout.json")
        try scratch.put(Array(#"["a/b"]"#.utf8), at: "rollouts/\(try rollout().id)/devices.json")
        #expect { try files.load(try rollout().id) } throws: { ($0 as? PersistenceError)?.code == .corrupt }
        #expect { try files.devices(of: try rollout().id) } throws: { ($0 as? PersistenceError)?.code == .corrupt }
    }

    @Test("what a killed process left half made is removed at the next start")
    func halfMade() throws {
        let scratch = try Scratch()
        _ = try RolloutFiles(dataDirectory: scratch.root)
        try scratch.root.directory("rollouts").makeDirectory(".making-1").replace("rollout.json", with: [1])
        let files = try RolloutFiles(dataDirectory: scratch.root)
        #expect(try scratch.root.directory("rollouts").names() == ["active"])
        #expect(try files.ids() == [])
    }

    @Test("an id is given once, and the rollout that has it stays")
    func twice() throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        try files.create(try rollout())
        try files.save(devices: [try id("a")], of: try rollout().id)
        #expect(throws: (any Error).self) { try files.create(try rollout()) }
        #expect(try files.devices(of: try rollout().id) == [try id("a")])
        #expect(try scratch.root.directory("rollouts").names() == [try rollout().id.text, "active"])
    }

    @Test("the files are those of the requirement, with its keys")
    func layout() throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        try files.create(try rollout())
        let folder = "rollouts/\(try rollout().id)"
        #expect(try scratch.root.directory(folder).names() == ["devices.json", "events", "rollout.json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(scratch.bytes("\(folder)/rollout.json"))) as? [String: Any])
        #expect(document["created-at"] as? String == "2023-11-14T22:13:20Z")
        #expect(document["isProd"] as? Bool == true)
        #expect(document["tag"] as? String == "main")
        #expect(document["update-name"] as? String == "43")
        #expect(document["state"] as? String == "draft")
        try files.save(devices: [try id("b"), try id("a")], of: try rollout().id)
        #expect(try JSONSerialization.jsonObject(with: Data(scratch.bytes("\(folder)/devices.json"))) as? [String] == ["b", "a"])
        #expect(scratch.bytes("\(folder)/events").isEmpty)
    }

    @Test("a rollout as somebody wrote it by hand, with the required keys alone, is read")
    func byHand() throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        _ = try scratch.root.directory("rollouts").makeDirectory("by-hand")
        try scratch.put(
            Array(#"{"created-at":"2023-11-14T22:13:20Z","isProd":true,"tag":"main","update-name":"43"}"#.utf8),
            at: "rollouts/by-hand/rollout.json")
        try scratch.put(Array("[]".utf8), at: "rollouts/by-hand/devices.json")
        #expect(try files.load(RolloutID("by-hand")) == rollout("by-hand"))
        #expect(try files.lines(of: RolloutID("by-hand"), from: 0, limit: 10).lines.isEmpty)
    }

    @Test(
        "states of the first format are read as what they are now",
        arguments: [("created", Rollout.State.draft), ("starting", .draft), ("active", .running), ("completed", .completed)])
    func formerStates(text: String, state: Rollout.State) throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        _ = try scratch.root.directory("rollouts").makeDirectory("old")
        try scratch.put(
            Array(
                #"{"created-at":"2023-11-14T22:13:20Z","isProd":true,"tag":"main","update-name":"43","state":"\#(text)","pending":["a"]}"#
                    .utf8),
            at: "rollouts/old/rollout.json")
        #expect(try files.load(RolloutID("old")).state == state)
    }

    @Test("every member is the same after opening again")
    func reopen() throws {
        let scratch = try Scratch()
        var rollout = try rollout()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        try files.create(rollout)
        rollout.createdBy = "token ab"
        rollout.plan = RolloutPlan(
            targets: RolloutTargets(.filter("tag=main"), isDynamic: true),
            phases: [
                RolloutPhase(
                    name: "canary", size: .percent(5), gate: 90, soak: TimeSpan(seconds: 3_600), then: .pause, errorLimit: .count(3)),
                RolloutPhase(),
            ],
            errorLimit: .percent(10), deadline: TimeSpan(seconds: 86_400),
            window: try TimeWindow(days: [.mon, .sat], from: 1_320, to: 300, zone: "Europe/Oslo"), startAt: 1_800_000_000, priority: -3,
            cap: 50, needsApproval: true, minVersion: 41)
        rollout.state = .paused
        rollout.startedAt = 1_700_000_123
        rollout.phase = 1
        rollout.pause = Pause(.rule(.gate), "it can no longer be met: 3 of 4")
        rollout.skipped = [.init(uuid: try id("c"), reason: .otherTag), .init(uuid: try id("d"), reason: .unknown)]
        try files.save(rollout)
        #expect(try RolloutFiles(dataDirectory: scratch.root).load(rollout.id) == rollout)
        rollout.state = .aborted
        rollout.pause = nil
        rollout.isSettled = true
        try files.save(rollout)
        #expect(try RolloutFiles(dataDirectory: scratch.root).load(rollout.id) == rollout)
    }

    @Test("an active rollout has a link that leads to it; setting it twice changes nothing")
    func active() throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        let id = try rollout().id
        try files.create(try rollout())
        for _ in 0..<2 { try files.setActive(true, id) }
        let link = "\(scratch.path)/rollouts/active/\(id)"
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../\(id)")
        #expect(FileManager.default.fileExists(atPath: "\(link)/rollout.json"))
        #expect(try scratch.root.directory("rollouts/active").names() == [id.text])
        for _ in 0..<2 { try files.setActive(false, id) }
        #expect(try scratch.root.directory("rollouts/active").names() == [])
        #expect(try files.load(id) == rollout())
    }

    @Test("lines are read whole, from any offset, in runs of any length", arguments: [30, 31, 64, 1000])
    func lines(limit: Int) throws {
        let scratch = try Scratch()
        let files = try RolloutFiles(dataDirectory: scratch.root)
        let id = try rollout().id
        try files.create(try rollout())
        let all = (0..<10).map { "DEVICE_SEEN: device-number-\($0)" }
        // The last one is still being written.
        try scratch.put(Array((all.joined(separator: "\n") + "\nDEVICE_SE").utf8), at: "rollouts/\(id)/events")
        var found: [String] = []
        var offset: Int64 = 0
        while let last = try files.lines(of: id, from: offset, limit: limit).lines.last {
            found += try files.lines(of: id, from: offset, limit: limit).lines.map(\.text)
            offset = last.next
        }
        #expect(found == all)
        #expect(try files.lines(of: id, from: -1, limit: 100).lines.isEmpty)
        #expect(try files.lines(of: id, from: .max, limit: 100).lines.isEmpty)
    }
}
