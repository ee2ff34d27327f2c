import Fleet
import Foundation
import Testing

@testable import Admin

@Suite("Plans of rollouts")
struct RolloutPlanTests {
    private static func body(_ members: String) -> String {
        #"{"isProd":false,"tag":"main","updateName":"42""# + (members.isEmpty ? "" : ",\(members)") + "}"
    }

    private static let tooManyPhases =
        #""phases":["# + Array(repeating: #"{"size":{"count":1}}"#, count: 33).joined(separator: ",") + "]"

    @Test(
        "a plan that cannot be carried out is refused with what is wrong, and nothing is made",
        arguments: [
            (#""phases":[{"size":{"percent":101}},{}]"#, "rollout-plan-invalid", "share"),
            (#""phases":[{"size":{"percent":5,"count":5}},{}]"#, "rollout-plan-invalid", "share"),
            (#""phases":[{"size":{"percent":5},"gate":0},{}]"#, "rollout-plan-invalid", "phase 1: the gate"),
            (#""phases":[{"size":{"percent":5},"gate":"90"},{}]"#, "body-invalid", "phases[0].gate"),
            (#""phases":[{"size":{"percent":5},"soak":"1 hour"},{}]"#, "rollout-plan-invalid", "1 hour"),
            (#""phases":[{"size":{"percent":5},"soak":60},{}]"#, "body-invalid", "phases[0].soak"),
            (#""phases":[{"size":{"percent":5},"then":"stop"},{}]"#, "body-invalid", "phases[0].then"),
            (#""phases":[{},{}]"#, "rollout-plan-invalid", "phase 1: say its size"),
            (#""phases":[{"name":"a\nb"}]"#, "rollout-plan-invalid", "phase 1: the name"),
            (Self.tooManyPhases, "rollout-plan-invalid", "32 phases"),
            (#""phases":{}"#, "body-invalid", "phases must be a list"),
            (#""errorLimit":5"#, "body-invalid", "errorLimit"),
            (#""errorLimit":{}"#, "rollout-plan-invalid", "share"),
            (#""deadline":"0s""#, "rollout-plan-invalid", "deadline"),
            (#""deadline":"-1h""#, "rollout-plan-invalid", "-1h"),
            (#""deadline":24"#, "body-invalid", "deadline"),
            (#""window":{"from":"25:00","to":"05:00"}"#, "rollout-plan-invalid", "25:00"),
            (#""window":{"from":"22:00","to":"22:00"}"#, "rollout-plan-invalid", "window"),
            (#""window":{"from":"22:00"}"#, "body-invalid", "window.to is missing"),
            (#""window":{"days":["friday"],"from":"22:00","to":"05:00"}"#, "body-invalid", "window.days[0]"),
            (#""window":{"from":"22:00","to":"05:00","zone":"Oslo/Europe"}"#, "rollout-plan-invalid", "Oslo/Europe"),
            (#""startAt":"tomorrow""#, "rollout-plan-invalid", "startAt"),
            (#""startAt":1772366400"#, "body-invalid", "startAt"),
            (#""priority":101"#, "rollout-plan-invalid", "priority"),
            (#""cap":0"#, "rollout-plan-invalid", "cap"),
            (#""cap":true"#, "body-invalid", "cap"),
            (#""approval":"yes""#, "body-invalid", "approval"),
            (#""requires":{"minVersion":-1}"#, "rollout-plan-invalid", "requires.minVersion"),
            (#""requires":{}"#, "body-invalid", "requires.minVersion is missing"),
            (#""targets":{}"#, "rollout-plan-invalid", "targets"),
            (#""targets":{"group":"lab","filter":"tag=main"}"#, "rollout-plan-invalid", "targets"),
            (#""targets":{"filter":"tag="}"#, "filter-invalid", "character"),
            (#""targets":{"group":"lab"},"devices":["d1"]"#, "rollout-plan-invalid", "devices or targets"),
            (#""devices":["d1","../x"]"#, "body-invalid", "devices[1]"),
        ] as [(String, String, String)])
    func refused(members: String, slug: String, part: String) async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, "/v1/rollouts", Self.body(members))
            #expect(answer.status == 400)
            #expect(answer.slug == slug, "\(answer.text)")
            #expect(answer.detail.contains(part), "\(answer.detail)")
            #expect(try await ask(.get, "/v1/rollouts").list("rollouts").isEmpty)
        }
    }

    @Test("a plan comes back as it was written, whatever it says")
    func kept() async throws {
        let plan =
            #"{"approval":true,"cap":500,"deadline":"1d","errorLimit":{"percent":5},"phases":[{"errorLimit":{"count":3},"gate":90,"name":"canary","size":{"percent":5},"soak":"1h","then":"pause"},{"gate":95,"size":{"count":100}},{}],"priority":-3,"requires":{"minVersion":41},"startAt":"2026-03-02T21:00:00Z","targets":{"dynamic":true,"filter":"lastSeen<7d"},"window":{"days":["mon","fri"],"from":"22:00","to":"05:00","zone":"Europe/Oslo"}}"#
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.serve { ask async throws in
            let made = try await ask(.post, "/v1/rollouts", Self.body(String(plan.dropFirst().dropLast())))
            #expect(made.status == 201, "\(made.text)")
            #expect((made.json["createdBy"] as? String)?.hasPrefix("token ") == true)
            let id = try #require(made.json["id"] as? String)
            let shown = try #require(try await ask(.get, "/v1/rollouts/\(id)").json["plan"])
            let text = try JSONSerialization.data(withJSONObject: shown, options: [.sortedKeys, .withoutEscapingSlashes])
            #expect(String(decoding: text, as: UTF8.self) == plan)
        }
    }

    @Test("devices can be named with the making, and a plain rollout has an empty plan")
    func devices() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.serve { ask async throws in
            let made = try await ask(.post, "/v1/rollouts", Self.body(#""devices":["d1","d2","d1"]"#))
            #expect((made.json["plan"] as? [String: Any])?.isEmpty == true)
            let id = try #require(made.json["id"] as? String)
            #expect(try await ask(.get, "/v1/rollouts/\(id)").list("devices").map { $0["uuid"] as? String } == ["d1", "d2"])
        }
    }

    @Test("targets choose the devices at the start, and nobody is added by name")
    func targets() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        try await fixture.addDevices(["d1", "d2"])
        try await fixture.addDevices(["other"], tag: "devel")
        try await fixture.serve { ask async throws in
            let made = try await ask(.post, "/v1/rollouts", Self.body(#""targets":{"filter":"not uuid=d2"}"#))
            let id = try #require(made.json["id"] as? String)
            #expect(try await ask(.put, "/v1/rollouts/\(id)/devices", #"{"devices":["d2"]}"#).status == 409)
            #expect(try await ask(.put, "/v1/rollouts/\(id)/start").json["assigned"] as? Int == 1)
            #expect(try await ask(.get, "/v1/rollouts/\(id)").list("devices").map { $0["uuid"] as? String } == ["d1"])
        }
    }
}
