import DeviceAuth
import Foundation
import Testing
import UpdateTree

@testable import Admin

@Suite("Explaining a device")
struct ExplanationRouteTests {
    @Test("a device that nobody knows is no device; without the scope nothing is told")
    func unknown() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices/d1/explain")
            #expect(answer.status == 404 && answer.slug == "device-unknown")
            #expect(try await ask(.get, "/v1/devices/d1/explain", token: nil).status == 401)
        }
    }

    @Test("a device of a rollout is told its update, its place and what the gateway answers")
    func offered() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices/d1/explain")
            #expect(answer.status == 200)
            let text = answer.text
            for part in [
                #""update":"ci/main/42""#, #""updateName":"42""#, #""id":"\#(id)""#, #""phase":1"#, #""phases":1"#, #""stage":"offered""#,
                #""slug":"update-not-verified""#, #""problem":{"slug":"update-not-verified","status":404}"#, #""targets":null"#,
            ] {
                #expect(text.contains(part), "\(part) in \(text)")
            }
        }
    }

    @Test("an update that is served is told with the version, the end, the names and the digest of its targets.json")
    func served() async throws {
        let fixture = try Fixture()
        _ = try await fixture.startedRollout(of: ["d1"])
        try await fixture.serve(verified: false) { ask async throws in
            #expect(try await ask(.get, "/v1/devices/d1/explain").text.contains(#""problem":{"slug":"not-found","status":404}"#))
        }
        let folder = "\(fixture.folder)/updates/ci/main/42/tuf"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let metadata =
            #"{"signatures":[],"signed":{"_type":"targets","spec_version":"1.0","version":7,"expires":"2030-01-02T03:04:05Z","targets":{"#
            + #""lmp-42":{"length":0,"hashes":{"sha256":"\#(String(repeating: "a", count: 64))"}}}}}"#
        try Data(metadata.utf8).write(to: URL(fileURLWithPath: "\(folder)/targets.json"))
        try await fixture.serve(verified: false) { ask async throws in
            let text = try await ask(.get, "/v1/devices/d1/explain").text
            for part in [#""version":7"#, #""expires":"2030-01-02T03:04:05Z""#, #""names":["lmp-42"]"#, #""problem":null"#] {
                #expect(text.contains(part), "\(part) in \(text)")
            }
            #expect(text.contains(Digest(of: metadata.utf8).hex))
        }
    }
}
