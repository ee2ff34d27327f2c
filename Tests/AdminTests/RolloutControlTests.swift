import DeviceAuth
import Fleet
import Foundation
import Testing

@testable import Admin

@Suite("Steering rollouts")
struct RolloutControlTests {
    private static let operations = ["approve", "pause", "resume", "next", "abort", "revert"]

    private static func create(_ ask: APIClient, _ plan: String, _ devices: [String], token: String = "") async throws -> String {
        let list = devices.map { "\"\($0)\"" }.joined(separator: ",")
        let body = #"{"isProd":false,"tag":"main","updateName":"42","devices":[\#(list)]\#(plan.isEmpty ? "" : ",\(plan)")}"#
        return try #require(try await ask(.post, "/v1/rollouts", body, token: token).json["id"] as? String)
    }

    private static func stages(_ ask: APIClient, _ id: String) async throws -> [String: Int] {
        let counts = try await ask(.get, "/v1/rollouts/\(id)").json["counts"] as? [String: Int] ?? [:]
        return counts.filter { $0.value > 0 }
    }

    /// A fixture with the update 42 and devices d0, d1, ….
    private static func fixture(devices: Int) async throws -> Fixture {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.addDevices((0..<devices).map { "d\($0)" })
        return fixture
    }

    @Test("what the state does not allow is refused, and the state is named and stays")
    func wrongStates() async throws {
        let fixture = try await Self.fixture(devices: 1)
        let refused = [
            "draft": ["approve", "pause", "resume", "next", "revert"], "scheduled": ["approve", "resume", "next", "revert"],
            "running": ["approve", "resume", "next"], "paused": ["approve", "pause", "next"],
            "completed": ["approve", "pause", "resume", "next", "abort"], "aborted": ["approve", "pause", "resume", "next"],
            "reverted": ["approve", "pause", "resume", "next", "abort"],
        ]
        try await fixture.serve { ask async throws in
            for (state, operations) in refused.sorted(by: { $0.key < $1.key }) {
                let id = try await Self.create(ask, state == "scheduled" ? #""startAt":"2027-01-01T00:00:00Z""# : "", ["d0"])
                if state != "draft" { #expect(try await ask(.put, "/v1/rollouts/\(id)/start").status == 200) }
                switch state {
                case "paused": _ = try await ask(.put, "/v1/rollouts/\(id)/pause")
                case "aborted": _ = try await ask(.put, "/v1/rollouts/\(id)/abort")
                case "reverted": _ = try await ask(.put, "/v1/rollouts/\(id)/revert")
                case "completed":
                    try await fixture.report("EcuInstallationCompleted", success: true, from: "d0")
                    await fixture.tick()
                default: break
                }
                for operation in operations {
                    let answer = try await ask(.put, "/v1/rollouts/\(id)/\(operation)")
                    #expect(answer.status == 409, "\(operation) in \(state)")
                    #expect(answer.slug == "rollout-invalid", "\(operation) in \(state)")
                    #expect(try await ask(.get, "/v1/rollouts/\(id)").json["state"] as? String == state, "after \(operation)")
                }
                // Out of the way of the next.
                _ = try await ask(.put, "/v1/rollouts/\(id)/revert")
                _ = try await ask(.put, "/v1/rollouts/\(id)/abort")
            }
        }
    }

    @Test("who may only look steers nothing, and a rollout that is not there is not found", arguments: operations)
    func refused(operation: String) async throws {
        let fixture = try Fixture()
        let reader = fixture.tokens.make([.rolloutsRead])
        try await fixture.serve { ask async throws in
            #expect(try await ask(.put, "/v1/rollouts/1-none/\(operation)", token: reader).status == 403)
            let answer = try await ask(.put, "/v1/rollouts/1-none/\(operation)")
            #expect(answer.status == 404)
            #expect(answer.slug == "rollout-unknown")
        }
    }

    @Test("who started a rollout cannot approve it; a second person can, and then it begins")
    func approval() async throws {
        let fixture = try await Self.fixture(devices: 2)
        let second = fixture.tokens.make([.rolloutsWrite])
        try await fixture.serve { ask async throws in
            let id = try await Self.create(ask, #""approval":true"#, ["d0", "d1"])
            let started = try await ask(.put, "/v1/rollouts/\(id)/start")
            #expect(started.json["state"] as? String == "scheduled")
            #expect(started.json["assigned"] as? Int == 0)
            let own = try await ask(.put, "/v1/rollouts/\(id)/approve")
            #expect(own.status == 409)
            #expect(own.detail.contains("somebody else"))
            await fixture.tick(60)
            #expect(try await ask(.get, "/v1/rollouts/\(id)").json["state"] as? String == "scheduled")
            #expect(try await ask(.put, "/v1/rollouts/\(id)/approve", token: second).status == 200)
            await fixture.tick()
            #expect(try await ask(.get, "/v1/rollouts/\(id)").json["state"] as? String == "running")
            #expect(try await Self.stages(ask, id) == ["offered": 2])
            let decisions = try await ask(.get, "/v1/rollouts/\(id)/decisions").list("decisions")
            #expect(decisions.contains { ($0["what"] as? String)?.hasPrefix("APPROVED: token ") == true })
        }
    }

    @Test("a paused rollout offers nobody the update, and says who paused it and why")
    func pause() async throws {
        let fixture = try await Self.fixture(devices: 2)
        try await fixture.serve { ask async throws in
            let id = try await Self.create(ask, #""phases":[{"size":{"count":1},"gate":100},{}]"#, ["d0", "d1"])
            _ = try await ask(.put, "/v1/rollouts/\(id)/start")
            #expect(try await ask(.put, "/v1/rollouts/\(id)/pause", #"{"reason":7}"#).status == 400)
            let paused = try await ask(.put, "/v1/rollouts/\(id)/pause", #"{"reason":"the line\nis down"}"#)
            #expect(paused.json["state"] as? String == "paused")
            let reason = try #require(paused.json["paused"] as? [String: String])
            #expect(reason["reason"] == "the line is down")
            #expect(reason["by"]?.hasPrefix("token ") == true)
            let first = try #require(
                try await ask(.get, "/v1/rollouts/\(id)").list("devices").first { $0["stage"] as? String == "offered" }?["uuid"] as? String)
            try await fixture.report("EcuInstallationCompleted", success: true, from: first)
            await fixture.tick(3600)
            #expect(try await Self.stages(ask, id) == ["succeeded": 1, "waiting": 1])
            #expect(try await ask(.put, "/v1/rollouts/\(id)/resume").json["paused"] is NSNull)
            #expect(try await Self.stages(ask, id) == ["succeeded": 1, "offered": 1])
        }
    }

    @Test("the next phase opens when somebody says so, also out of a pause; behind the last there is none")
    func next() async throws {
        let fixture = try await Self.fixture(devices: 3)
        try await fixture.serve { ask async throws in
            let phases = #""phases":[{"name":"canary","size":{"count":1},"gate":100},{"size":{"count":1},"gate":100},{}]"#
            let id = try await Self.create(ask, phases, ["d0", "d1", "d2"])
            _ = try await ask(.put, "/v1/rollouts/\(id)/start")
            #expect(try await ask(.put, "/v1/rollouts/\(id)/next").json["phase"] as? Int == 2)
            _ = try await ask(.put, "/v1/rollouts/\(id)/pause")
            let last = try await ask(.put, "/v1/rollouts/\(id)/next")
            #expect(last.json["phase"] as? Int == 3)
            #expect(last.json["state"] as? String == "running")
            #expect(try await ask(.put, "/v1/rollouts/\(id)/next").status == 409)
            let shown = try await ask(.get, "/v1/rollouts/\(id)").list("phases")
            #expect(shown.map { $0["number"] as? Int } == [1, 2, 3])
            #expect(shown.map { $0["size"] as? Int } == [1, 1, 1])
            #expect(shown.first?["name"] as? String == "canary")
            #expect(shown.allSatisfy { $0["openedAt"] is String && ($0["counts"] as? [String: Int])?["offered"] == 1 })
        }
    }

    @Test("too many failures pause it with the rule and the reason; failures are counted by reason")
    func errorLimit() async throws {
        let fixture = try await Self.fixture(devices: 4)
        try await fixture.serve { ask async throws in
            let id = try await Self.create(ask, #""errorLimit":{"count":1}"#, ["d0", "d1", "d2", "d3"])
            _ = try await ask(.put, "/v1/rollouts/\(id)/start")
            for device in ["d0", "d1"] { try await fixture.report("EcuDownloadCompleted", success: false, from: device) }
            await fixture.tick()
            let shown = try await ask(.get, "/v1/rollouts/\(id)")
            #expect(shown.json["state"] as? String == "paused")
            #expect((shown.json["paused"] as? [String: String])?["by"] == "rule:error-limit")
            #expect(shown.list("failures").map { $0["reason"] as? String } == ["DownloadComplete"])
            #expect(shown.list("failures").map { $0["devices"] as? Int } == [2])
            #expect(shown.list("devices").first?["failure"] as? String == "DownloadComplete")
        }
    }

    @Test("abortion takes the update from devices that have not begun; a reversal from all")
    func back() async throws {
        let fixture = try await Self.fixture(devices: 2)
        try await fixture.serve { ask async throws in
            let id = try await Self.create(ask, "", ["d0", "d1"])
            _ = try await ask(.put, "/v1/rollouts/\(id)/start")
            try await fixture.report("EcuDownloadStarted", from: "d0")
            for _ in 1...2 { #expect(try await ask(.put, "/v1/rollouts/\(id)/abort").json["state"] as? String == "aborted") }
            #expect(try await ask(.get, "/v1/devices/d0").json["updateName"] as? String == "42")
            #expect(try await ask(.get, "/v1/devices/d1").json["updateName"] is NSNull)
            #expect(try await Self.stages(ask, id) == ["downloading": 1, "putBack": 1])

            let other = try await Self.create(ask, "", ["d1"])
            _ = try await ask(.put, "/v1/rollouts/\(other)/start")
            try await fixture.report("EcuInstallationCompleted", success: true, from: "d1")
            await fixture.tick()
            for _ in 1...2 { #expect(try await ask(.put, "/v1/rollouts/\(other)/revert").json["state"] as? String == "reverted") }
            #expect(try await ask(.get, "/v1/devices/d1").json["updateName"] is NSNull)
            #expect(try await Self.stages(ask, other) == ["putBack": 1])
        }
    }

    @Test("devices of another running rollout are refused with the list, unless they are taken over")
    func conflicts() async throws {
        let fixture = try await Self.fixture(devices: 2)
        let first = try await fixture.startedRollout(of: ["a", "b"])
        try await fixture.serve { ask async throws in
            let id = try await Self.create(ask, "", ["a", "d0"])
            let refused = try await ask(.put, "/v1/rollouts/\(id)/start")
            #expect(refused.status == 409)
            #expect(refused.slug == "rollout-conflict")
            #expect(refused.detail.contains("a in \(first)"))
            #expect(try await ask(.get, "/v1/rollouts/\(id)").json["state"] as? String == "draft")
            #expect(try await ask(.put, "/v1/rollouts/\(id)/start?takeOver=true").json["assigned"] as? Int == 2)
            #expect(try await Self.stages(ask, first.text) == ["superseded": 1, "offered": 1])
            let added = #"{"devices":["b"]}"#
            #expect(try await ask(.put, "/v1/rollouts/\(id)/devices", added).slug == "rollout-conflict")
            #expect(try await ask(.put, "/v1/rollouts/\(id)/devices?takeOver=true", added).status == 200)
            await fixture.tick()
            #expect(try await ask(.get, "/v1/rollouts/\(first)").json["state"] as? String == "completed")
        }
    }

    @Test("the decisions say why, the latest last, and as many as were asked for")
    func decisions() async throws {
        let fixture = try await Self.fixture(devices: 1)
        try await fixture.serve { ask async throws in
            let id = try await Self.create(ask, "", ["d0"])
            #expect(try await ask(.get, "/v1/rollouts/\(id)/decisions").list("decisions").isEmpty)
            _ = try await ask(.put, "/v1/rollouts/\(id)/start")
            _ = try await ask(.put, "/v1/rollouts/\(id)/pause", #"{"reason":"lunch"}"#)
            let all = try await ask(.get, "/v1/rollouts/\(id)/decisions").list("decisions")
            #expect(all.map { ($0["what"] as? String ?? "").prefix { $0 != ":" } } == ["STARTED", "PHASE", "DEVICE_OFFERED", "PAUSED"])
            #expect(all.allSatisfy { $0["at"] as? String == "2026-03-01T12:00:00Z" })
            #expect((all.last?["because"] as? String)?.hasSuffix("paused it: lunch") == true)
            let latest = try await ask(.get, "/v1/rollouts/\(id)/decisions?limit=1").list("decisions")
            #expect(latest.count == 1)
            #expect((latest.first?["what"] as? String)?.hasPrefix("PAUSED") == true)
            #expect(try await ask(.get, "/v1/rollouts/\(id)/decisions?limit=0").status == 400)
        }
    }
}
