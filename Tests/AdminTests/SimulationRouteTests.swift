import Testing

@testable import Admin

@Suite("Simulating a rollout")
struct SimulationRouteTests {
    private static let body = #"{"isProd":false,"tag":"main","updateName":"42","devices":["d1","d2","d3","x"],"cap":1,"deadline":"1h"}"#

    @Test("an update that is not there and a plan that cannot be carried out are refused as when it is made")
    func refused() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            #expect(try await ask(.post, "/v1/rollouts/simulate", Self.body).slug == "update-unknown")
            try fixture.addUpdate("ci/main/42")
            let answer = try await ask(.post, "/v1/rollouts/simulate", Self.body.replacing("\"cap\":1", with: "\"cap\":0"))
            #expect(answer.status == 400 && answer.slug == "rollout-plan-invalid")
        }
    }

    @Test("what it would do is told, and no rollout is made")
    func told() async throws {
        let fixture = try Fixture()
        let other = try await fixture.startedRollout(of: ["d1"])
        try await fixture.addDevices(["d2"])
        try await fixture.addDevices(["d3"], tag: "devel")
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, "/v1/rollouts/simulate", Self.body)
            #expect(answer.status == 200, "\(answer.text)")
            for part in [
                #""matched":4"#, #""excluded":{"device-unknown":1,"tag-differs":1}"#, #""rollout":"\#(other)""#, #""bytes":null"#,
                #""never-seen":{"count":2,"first":["d1","d2"]}"#, #""hours":2"#, #""succeeding":0"#,
            ] {
                #expect(answer.text.contains(part), "\(part) in \(answer.text)")
            }
            #expect(try await ask(.get, "/v1/rollouts").list("rollouts").count == 1)
        }
    }
}
