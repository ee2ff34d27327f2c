import DeviceAuth
import Fleet
import Foundation
import HTTPTypes
import Testing

@testable import Admin

@Suite("Rollouts")
struct RolloutRoutesTests {
    private static let body = #"{"isProd":false,"tag":"main","updateName":"42"}"#

    @Test("a rollout of an update that is not there is refused")
    func unknownUpdate() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, "/v1/rollouts", Self.body)
            #expect(answer.status == 404)
            #expect(answer.slug == "update-unknown")
            let bad = try await ask(.post, "/v1/rollouts", #"{"isProd":false,"tag":"../x","updateName":"42"}"#)
            #expect(bad.status == 400)
            #expect(bad.slug == "tag-invalid")
        }
    }

    @Test("a uuid in the list that is none is named, and nothing of the list is added")
    func badDevice() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.serve { ask async throws in
            let id = try #require(try await ask(.post, "/v1/rollouts", Self.body).json["id"] as? String)
            let answer = try await ask(.put, "/v1/rollouts/\(id)/devices", #"{"devices":["d1","no such","d2"]}"#)
            #expect(answer.status == 400)
            #expect(answer.detail.contains("devices[1]"))
            #expect(answer.detail.contains("no such"))
            #expect(try await ask(.get, "/v1/rollouts/\(id)").list("devices").isEmpty)
        }
    }

    @Test("from making to starting: devices that cannot take the update are skipped with a reason")
    func life() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.addDevices(["d1", "d2"])
        try await fixture.addDevices(["p1"], channel: .prod)
        try await fixture.serve { ask async throws in
            let made = try await ask(.post, "/v1/rollouts", Self.body)
            #expect(made.status == 201)
            let id = try #require(made.json["id"] as? String)
            #expect(made.headers[.location] == "/v1/rollouts/\(id)")
            #expect(made.json["startedAt"] is NSNull)
            let added = try await ask(.put, "/v1/rollouts/\(id)/devices", #"{"devices":["d1","d2","p1","gone"]}"#)
            #expect(added.status == 200)
            #expect(added.json["state"] as? String == "draft")
            let planned = try await ask(.get, "/v1/rollouts/\(id)")
            #expect((planned.json["counts"] as? [String: Int])?["planned"] == 4)
            #expect(planned.list("devices").allSatisfy { $0["stage"] as? String == "planned" && $0["phase"] is NSNull })
            let started = try await ask(.put, "/v1/rollouts/\(id)/start")
            #expect(started.json["assigned"] as? Int == 2)
            #expect(started.list("skipped").map { $0["reason"] as? String } == ["channel-differs", "device-unknown"])
            #expect(try await ask(.put, "/v1/rollouts/\(id)/start").json["assigned"] as? Int == 2)
            #expect((try await ask(.get, "/v1/devices/d1").json["rollout"] as? [String: Any])?["id"] as? String == id)
            try await fixture.report("EcuInstallationCompleted", success: true, from: "d1")
            let shown = try await ask(.get, "/v1/rollouts/\(id)")
            #expect((shown.json["counts"] as? [String: Int])?["succeeded"] == 1)
            #expect((shown.json["counts"] as? [String: Int])?["offered"] == 1)
            #expect(shown.list("devices").first?["status"] as? String == "InstallComplete - true")
            #expect(shown.list("skipped").count == 2)
        }
    }

    @Test("a rollout's devices come in pages, its counts are over all of them")
    func paging() async throws {
        let fixture = try Fixture()
        let names = (0..<5).map { "d\($0)" }
        let id = try await fixture.startedRollout(of: names)
        try await fixture.serve { ask async throws in
            var seen: [String] = []
            var query = "limit=2"
            while true {
                let page = try await ask(.get, "/v1/rollouts/\(id)?\(query)")
                #expect((page.json["counts"] as? [String: Int])?["offered"] == 5)
                seen += page.list("devices").compactMap { $0["uuid"] as? String }
                guard let cursor = page.json["nextCursor"] as? String else { break }
                query = "limit=2&cursor=\(cursor)"
            }
            #expect(seen == names)
        }
    }

    @Test("the newest rollout comes first")
    func order() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.serve { ask async throws in
            var ids: [String] = []
            for _ in 0..<3 {
                ids.append(try #require(try await ask(.post, "/v1/rollouts", Self.body).json["id"] as? String))
                fixture.clock.move(by: 1)
            }
            var seen: [String] = []
            var query = "limit=1"
            while true {
                let page = try await ask(.get, "/v1/rollouts?\(query)")
                seen += page.list("rollouts").compactMap { $0["id"] as? String }
                guard let cursor = page.json["nextCursor"] as? String else { break }
                query = "limit=1&cursor=\(cursor)"
            }
            #expect(seen == ids.reversed())
        }
    }

    @Test(
        "a rollout that is not there is not found, whatever is asked of it",
        arguments: ["", "/tail", "/decisions", "/start", "/devices"])
    func unknown(operation: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let isChange = operation == "/start" || operation == "/devices"
            for id in ["1-none", "active", "%2e%2e", "a%2Fb"] {
                let answer = try await ask(isChange ? .put : .get, "/v1/rollouts/\(id)\(operation)", #"{"devices":[]}"#)
                #expect(answer.status == 404)
                #expect(answer.slug == "rollout-unknown")
            }
        }
    }

    @Test("a key that is sent again gives the first answer, for a day, and to its token only")
    func idempotency() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        let other = fixture.tokens.make([.rolloutsWrite])
        try await fixture.serve { ask async throws in
            @Sendable func make(_ body: String = Self.body, key: String = "k1", token: String = "") async throws -> APIClient.Answer {
                try await ask(.post, "/v1/rollouts", body, token: token, headers: [.idempotencyKey: key])
            }
            let first = try await make()
            let again = try await make(#"{ "updateName":"42", "tag":"main", "isProd":false }"#)
            #expect(again.status == 201)
            #expect(again.text == first.text)
            #expect(try await make(token: other).text != first.text)
            #expect(try await make(key: "k2").text != first.text)
            let reused = try await make(#"{"isProd":true,"tag":"main","updateName":"42"}"#)
            #expect(reused.status == 422)
            #expect(reused.slug == "idempotency-key-reused")
            #expect(try await make(key: "").status == 400)
            fixture.clock.move(by: 86_399)
            #expect(try await make().text == first.text)
            fixture.clock.move(by: 1)
            #expect(try await make().text != first.text)
        }
    }

    @Test("requests with one key at the same time make one rollout")
    func simultaneousKeys() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.serve { ask async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try await ask(.post, "/v1/rollouts", Self.body, headers: [.idempotencyKey: "k"]) }
                }
                try await group.waitForAll()
            }
            #expect(try await ask(.get, "/v1/rollouts").list("rollouts").count == 1)
        }
    }

    @Test("a request that failed is not remembered")
    func failureForgotten() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            #expect(try await ask(.post, "/v1/rollouts", Self.body, headers: [.idempotencyKey: "k"]).status == 404)
            try fixture.addUpdate("ci/main/42")
            #expect(try await ask(.post, "/v1/rollouts", Self.body, headers: [.idempotencyKey: "k"]).status == 201)
        }
    }
}
