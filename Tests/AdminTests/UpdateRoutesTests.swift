import DeviceAuth
import Foundation
import Testing
import UpdateTree

@testable import Admin

@Suite("Updates")
struct UpdateRoutesTests {
    @Test("an update that devices are assigned to stays, and the answer says how many they are")
    func assigned() async throws {
        let fixture = try Fixture()
        _ = try await fixture.startedRollout(of: ["d1", "d2"])
        try await fixture.serve { ask async throws in
            let refused = try await ask(.delete, "/v1/updates/ci/main/42")
            #expect(refused.status == 409)
            #expect(refused.slug == "update-assigned")
            #expect(refused.detail.contains("2 devices"))
            #expect(try await ask(.get, "/v1/updates/ci/main/42").json["assignedDevices"] as? Int == 2)
            #expect(try await ask(.get, "/v1/updates").list("updates").first?["assignedDevices"] as? Int == 2)
        }
    }

    @Test("an update without devices is removed")
    func delete() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("prod/main/1")
        try await fixture.serve { ask async throws in
            #expect(try await ask(.delete, "/v1/updates/prod/main/1").status == 204)
            #expect(try await ask(.delete, "/v1/updates/prod/main/1").slug == "update-unknown")
            #expect(try await ask(.get, "/v1/updates/prod/main/1").status == 404)
        }
    }

    @Test(
        "names that could not be an update's are refused",
        arguments: [
            "ci/main/..", "ci/%2e%2e/42", "test/main/42", "ci/main/.x", "ci/ma%2Fin/42", "CI/main/42",
        ])
    func names(path: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            #expect(try await ask(.get, "/v1/updates/\(path)").status == 400)
            #expect(try await ask(.delete, "/v1/updates/\(path)").status == 400)
        }
    }

    @Test("the list has pages, tells problems, and warns when nothing is verified")
    func list() async throws {
        let fixture = try Fixture()
        for path in ["ci/a/1", "ci/a/2", "prod/b/1"] { try fixture.addUpdate(path) }
        try await fixture.serve(verified: false) { ask async throws in
            let first = try await ask(.get, "/v1/updates?limit=2")
            #expect(first.list("updates").count == 2)
            #expect(first.list("updates").allSatisfy { $0["verified"] as? Bool == false && $0["problem"] is String })
            #expect(first.json["warning"] is String)
            let cursor = try #require(first.json["nextCursor"] as? String)
            let second = try await ask(.get, "/v1/updates?limit=2&cursor=\(cursor)")
            #expect(second.list("updates").map { $0["channel"] as? String } == ["prod"])
            #expect(second.json["nextCursor"] is NSNull)
        }
        try await fixture.serve { ask async throws in #expect(try await ask(.get, "/v1/updates").json["warning"] is NSNull) }
    }
}
