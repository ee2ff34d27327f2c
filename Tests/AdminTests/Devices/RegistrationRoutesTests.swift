import DeviceAuth
import Fleet
import Foundation
import Testing

@testable import Admin

@Suite("Registrations")
struct RegistrationRoutesTests {
    private func fixture(_ waiting: String...) async throws -> Fixture {
        let fixture = try Fixture(policy: .queue)
        for name in waiting {
            let identity = DeviceIdentity(
                id: try DeviceID(name), factory: "acme", isProduction: false, publicKeyPEM: "PEM",
                key: try KeyFingerprint(hex: String(repeating: "a", count: 64)), notAfter: 4_000_000_000, serial: "1")
            await #expect(throws: FleetError.self) { try await fixture.registry.enroll(identity) }
        }
        return fixture
    }

    @Test("devices that wait are listed with what a decision needs, and the rejected apart")
    func list() async throws {
        let fixture = try await fixture("d1", "d2", "d3")
        try await fixture.serve { ask async throws in
            #expect(try await ask(.post, "/v1/registrations/reject", #"{"devices":["d2"]}"#).json["rejected"] as? Int == 1)
            let page = try await ask(.get, "/v1/registrations?limit=1")
            let first = try #require(page.list("registrations").first)
            #expect(first["uuid"] as? String == "d1" && first["subject"] as? String == "CN=d1, OU=acme")
            #expect(first["state"] as? String == "pending")
            #expect(first["keyFingerprint"] as? String == String(repeating: "a", count: 64) && first["tag"] is NSNull)
            #expect(first["firstTry"] as? String == "2026-03-01T12:00:00Z" && first["lastTry"] as? String == "2026-03-01T12:00:00Z")
            #expect(page.json["pending"] as? Int == 2 && page.json["mostPending"] as? Int == 10_000)
            let cursor = try #require(page.json["nextCursor"] as? String)
            let second = try await ask(.get, "/v1/registrations?limit=1&cursor=\(cursor)")
            #expect(second.list("registrations").first?["uuid"] as? String == "d3")
            #expect(try await ask(.get, "/v1/registrations?state=rejected").list("registrations").first?["uuid"] as? String == "d2")
            #expect(try await ask(.get, "/v1/registrations?state=new").slug == "state-invalid")
            #expect(try await ask(.get, "/v1/registrations?cursor=x").slug == "cursor-invalid")
        }
    }

    @Test("an unknown name among those to be accepted or rejected changes nothing", arguments: ["accept", "reject"])
    func unknown(word: String) async throws {
        let fixture = try await fixture("d1")
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, "/v1/registrations/\(word)", #"{"devices":["d1","d9"]}"#)
            #expect(answer.status == 404 && answer.slug == "registration-unknown" && answer.detail.contains("d9"))
            #expect(fixture.registry.queue[try DeviceID("d1")]?.isRejected == false)
        }
    }

    @Test("accepted devices are devices; the audit log says who was let in")
    func accept() async throws {
        let fixture = try await fixture("d1", "d2")
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, "/v1/registrations/accept", #"{"devices":["d2","d1","d2"]}"#)
            #expect(answer.json["accepted"] as? Int == 2 && answer.json["known"] as? Int == 0)
            #expect(try await ask(.get, "/v1/devices/d1").json["keyFingerprint"] as? String == String(repeating: "a", count: 64))
            #expect(try await ask(.post, "/v1/registrations/accept", #"{"devices":["d1"]}"#).json["known"] as? Int == 1)
            #expect(fixture.audit.entries.first?.subject == "accepted: 2 of d1 d2")
        }
    }
}
