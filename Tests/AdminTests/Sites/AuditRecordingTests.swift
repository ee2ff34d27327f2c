import Fleet
import OperatorAuth
import Testing

@testable import Admin

@Suite("the audit log of the admin API") struct AuditRecordingTests {
    @Test("what changed something leaves one line with who, what and how it went")
    func recorded() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            _ = try await ask(.put, "/v1/devices/d1/deny")
            _ = try await ask(.delete, "/v1/devices/d1")
        }
        #expect(fixture.audit.entries.map(\.action) == ["PUT /v1/devices/{uuid}/deny", "DELETE /v1/devices/{uuid}"])
        #expect(fixture.audit.entries.map(\.subject) == ["d1", "d1"])
        #expect(fixture.audit.entries.map(\.outcome) == ["200", "204"])
        guard case .token(let id)? = fixture.audit.entries.first?.actor else {
            Issue.record("it does not say whose token it was")
            return
        }
        #expect(!fixture.token.isEmpty && !id.contains(fixture.token))
    }

    @Test("looking leaves no line, and what was refused neither")
    func looking() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            _ = try await ask(.get, "/v1/devices/d1")
            _ = try await ask(.put, "/v1/devices/d9/deny")
            _ = try await ask(.put, "/v1/devices/d1/deny", token: nil)
        }
        #expect(fixture.audit.entries.isEmpty)
    }

    @Test("the query and the body never come into the log")
    func secrets() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            _ = try await ask(.post, "/v1/devices/preregister?token=s3cret", "{\"devices\":[\"s3cret\"],\"isProd\":false}")
        }
        #expect(fixture.audit.entries.count == 1)
        #expect(!fixture.audit.entries.contains { "\($0)".contains("s3cret") })
    }

    @Test("what was done is answered as done when the log cannot be written, and the server's log says so")
    func broken() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        fixture.audit.isBroken.store(true, ordering: .relaxed)
        try await fixture.serve { ask async throws in
            #expect(try await ask(.put, "/v1/devices/d1/deny").status == 200)
        }
        #expect(fixture.log.text.contains("audit_failed"))
    }
}
