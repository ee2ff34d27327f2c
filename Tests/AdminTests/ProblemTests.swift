import HTTPTypes
import Testing

@testable import Admin

@Suite("Answers to what cannot be answered")
struct ProblemTests {
    @Test("a path that is not there is 404, a method that is not there is 405 and names the others")
    func routes() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            for path in ["/", "/v1", "/v1/nothing", "/v1/devices/d1/files", "/v2/devices"] {
                let answer = try await ask(.get, path)
                #expect(answer.status == 404)
                #expect(answer.slug == "route-unknown")
                #expect(answer.json["type"] as? String == "urn:otaserve:problem:route-unknown")
                #expect(answer.json["title"] as? String == "Route unknown")
                #expect(answer.json["status"] as? Int == 404)
            }
            let answer = try await ask(.post, "/v1/devices/d1")
            #expect(answer.status == 405)
            #expect(answer.slug == "method-not-allowed")
            #expect(answer.headers[.allow] == "DELETE, GET, HEAD, PATCH")
            #expect(try await ask(.get, "/v1/devices/d1/deny").headers[.allow] == "PUT")
        }
    }

    @Test("a body that is too long is refused")
    func tooLarge() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        try await fixture.serve { ask async throws in
            let padding = String(repeating: " ", count: 1 << 20)
            let body = #"{"reason":"lunch"}"#
            let answer = try await ask(.put, "/v1/rollouts/\(id)/pause", body + padding)
            #expect(answer.status == 413)
            #expect(answer.slug == "body-too-large")
            #expect(try await ask(.put, "/v1/rollouts/\(id)/pause", body + padding.dropLast(body.utf8.count)).status == 200)
            // Lists of devices may be longer.
            let devices = #"{"devices":[],"isProd":false}"# + padding
            #expect(try await ask(.post, "/v1/devices/preregister", devices).status == 200)
            let claimed = try await ask(.post, "/v1/devices/preregister", nil, headers: [.contentLength: "67108865"])
            #expect(claimed.status == 413)
        }
    }

    @Test("a body that does not say how long it is, is refused when it has become too long", .timeLimit(.minutes(1)))
    func endlessBody() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        try await withServer(fixture) { address, _ in
            let client = try RawConnection(to: address)
            client.write(
                "PUT /v1/rollouts/\(id)/pause HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(fixture.token)\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = String(repeating: " ", count: 0x10000)
            for _ in 0..<17 { client.write("10000\r\n\(chunk)\r\n") }
            #expect(try await client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test("a server that is not ready says so and lives")
    func readiness() async throws {
        let fixture = try Fixture()
        fixture.isReady.store(false, ordering: .relaxed)
        try await fixture.serve { ask async throws in
            #expect(try await ask(.get, "/readyz", token: nil).slug == "not-ready")
            #expect(try await ask(.get, "/livez", token: nil).status == 200)
            #expect(try await ask(.post, "/v1/reload").status == 204)
            #expect(fixture.reloads.load(ordering: .relaxed) == 1)
        }
    }

    @Test("an error that nobody thought of tells nothing of itself")
    func unknownError() {
        struct Secret: Error { let path = "/etc/shadow" }
        let problem = Problem(Secret())
        #expect(problem.status == .internalServerError)
        #expect(!problem.detail.contains("shadow"))
    }

    @Test("one line per request, with the route's template")
    func log() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in _ = try await ask(.get, "/v1/devices/d1?secret=1") }
        let lines = fixture.log.lines.withLock { $0.filter { $0.hasPrefix("info") } }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("/v1/devices/{uuid}") == true)
        #expect(lines.first?.contains("secret") == false)
    }
}
