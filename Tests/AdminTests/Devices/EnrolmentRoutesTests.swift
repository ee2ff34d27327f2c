import DeviceAuth
import Foundation
import Testing

@testable import Admin

@Suite("Enrolments")
struct EnrolmentRoutesTests {
    @Test(
        "what is no brand, model, serial number, uuid or organization is refused, and nothing is kept",
        arguments: [
            (#"{"brand":"a","model":"m","serial":"s"}"#, "enrolment-invalid"),
            (#"{"brand":"acme","model":"","serial":"s"}"#, "enrolment-invalid"),
            (#"{"brand":"acme","model":"m","serial":"a/b"}"#, "enrolment-invalid"),
            (#"{"brand":"acme","model":"m","serial":"s","organization":"a\u0000"}"#, "enrolment-invalid"),
            (#"{"brand":"acme","model":"m","serial":"s","uuid":"../x"}"#, "device-id-invalid"),
            (#"{"brand":"acme","model":"m"}"#, "body-invalid"), ("", "body-invalid"),
        ])
    func refused(body: String, slug: String) async throws {
        try await Fixture().serve { ask async throws in
            let answer = try await ask(.post, "/v1/enrolments", body)
            #expect(answer.status == 400 && answer.slug == slug, "\(answer.text)")
            #expect(try await ask(.get, "/v1/enrolments").list("enrolments").isEmpty)
        }
    }

    @Test("a device has its serial number as its uuid when it can be one and is free, else a random one")
    func uuid() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["taken"])
        try await fixture.serve { ask async throws in
            let free = try await ask(.post, "/v1/enrolments", #"{"brand":"acme","model":"pump-24","serial":"0017"}"#)
            #expect(free.status == 201 && free.json["uuid"] as? String == "0017" && free.json["state"] as? String == "waiting")
            #expect(free.json["isProd"] as? Bool == false && free.json["organization"] as? String == "default")
            #expect(free.json["expires"] as? String == "2026-03-08T12:00:00Z" && free.json["enrolledAt"] is NSNull)
            let taken = try await ask(.post, "/v1/enrolments", #"{"brand":"acme","model":"pump-24","serial":"taken"}"#)
            #expect(taken.json["uuid"] as? String == "made")
            let given = try await ask(
                .post, "/v1/enrolments",
                #"{"brand":"acme","model":"pump-24","serial":"a b","uuid":"taken","isProd":true,"organization":"Works"}"#)
            #expect(given.json["uuid"] as? String == "taken" && given.json["isProd"] as? Bool == true)
            #expect(fixture.audit.entries.first?.subject == "0017 acme/pump-24/0017")
        }
    }

    @Test("one device, or one uuid, is registered once")
    func twice() async throws {
        try await Fixture().serve { ask async throws in
            let body = #"{"brand":"acme","model":"m","serial":"1"}"#
            #expect(try await ask(.post, "/v1/enrolments", body).status == 201)
            #expect(try await ask(.post, "/v1/enrolments", body).slug == "enrolment-exists")
            let other = try await ask(.post, "/v1/enrolments", #"{"brand":"acme","model":"m","serial":"2","uuid":"1"}"#)
            #expect(other.status == 409 && other.slug == "enrolment-exists")
        }
    }

    @Test("a device waits seven days, and a reset begins them anew")
    func reset() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            _ = try await ask(.post, "/v1/enrolments", #"{"brand":"acme","model":"m","serial":"1"}"#)
            fixture.clock.move(by: 7 * 86_400)
            #expect(try await ask(.get, "/v1/enrolments").list("enrolments").first?["state"] as? String == "waiting")
            fixture.clock.move(by: 1)
            #expect(try await ask(.get, "/v1/enrolments").list("enrolments").first?["state"] as? String == "expired")
            #expect(try await ask(.post, "/v1/enrolments/1/reset").json["state"] as? String == "waiting")
            #expect(try await ask(.post, "/v1/enrolments/2/reset").slug == "enrolment-unknown")
        }
    }

    @Test("the list comes in pages, and what was removed is gone from it")
    func pages() async throws {
        try await Fixture().serve { ask async throws in
            for serial in ["1", "2", "3"] {
                _ = try await ask(.post, "/v1/enrolments", #"{"brand":"acme","model":"m","serial":"\#(serial)"}"#)
            }
            #expect(try await ask(.delete, "/v1/enrolments/2").status == 204)
            #expect(try await ask(.delete, "/v1/enrolments/2").status == 404)
            let page = try await ask(.get, "/v1/enrolments?limit=1")
            #expect(page.list("enrolments").map { $0["uuid"] as? String } == ["1"])
            let cursor = try #require(page.json["nextCursor"] as? String)
            let second = try await ask(.get, "/v1/enrolments?limit=1&cursor=\(cursor)")
            #expect(second.list("enrolments").map { $0["uuid"] as? String } == ["3"] && second.json["nextCursor"] is NSNull)
            #expect(try await ask(.get, "/v1/enrolments?cursor=x").slug == "cursor-invalid")
        }
    }
}
