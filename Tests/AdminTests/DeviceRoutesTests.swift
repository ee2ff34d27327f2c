import DeviceAuth
import Foundation
import Testing

@testable import Admin

@Suite("Devices")
struct DeviceRoutesTests {
    @Test("a uuid that names no device is refused, an unknown one is not found", arguments: ["/deny", "/undeny", "/allow-key"])
    func uuids(operation: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            for bad in ["-x", "%2e%2e", "a%2Fb", "a%00", String(repeating: "a", count: 49), "%", "%zz", "a%ff"] {
                #expect(try await ask(.put, "/v1/devices/\(bad)\(operation)").status == 400, "\(bad)")
            }
            let unknown = try await ask(.put, "/v1/devices/nobody\(operation)")
            #expect(unknown.status == 404)
            #expect(unknown.slug == "device-unknown")
        }
    }

    @Test("pages follow each other without a gap, and the last one says so")
    func paging() async throws {
        let fixture = try Fixture()
        let names = (0..<7).map { "d\($0)" }
        try await fixture.addDevices(names)
        try await fixture.serve { ask async throws in
            for limit in 1...8 {
                var seen: [String] = []
                var query = "limit=\(limit)"
                while true {
                    let page = try await ask(.get, "/v1/devices?\(query)")
                    seen += page.list("devices").compactMap { $0["uuid"] as? String }
                    guard let cursor = page.json["nextCursor"] as? String else { break }
                    query = "limit=\(limit)&cursor=\(cursor)"
                }
                #expect(seen == names)
            }
            let all = try await ask(.get, "/v1/devices")
            #expect(all.json["nextCursor"] is NSNull)
            #expect(all.list("devices").first?["lastSeen"] is NSNull)
            #expect(all.list("devices").first?["createdAt"] as? String == "2026-03-01T12:00:00Z")
        }
    }

    @Test(
        "a page of no size and a cursor of somebody's making are refused",
        arguments: [
            "limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "cursor=", "cursor=ZZZ", "cursor=YWZ0ZXI6Li4v", "cursor=%00",
            "cursor=YWZ0ZXI6ZDE",
        ])
    func badPages(query: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices?\(query)")
            #expect(answer.status == 400)
            #expect(answer.slug == (query.hasPrefix("limit") ? "limit-invalid" : "cursor-invalid"))
        }
    }

    @Test("a device is denied, served again, given a new key, and deleted with its files")
    func life() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        fixture.reports.put("{}", as: "hardware-info", of: try DeviceID("d1"))
        try await fixture.serve { ask async throws in
            #expect(try await ask(.put, "/v1/devices/d1/deny").json["denied"] as? Bool == true)
            #expect(try await ask(.put, "/v1/devices/d1/undeny").json["denied"] as? Bool == false)
            #expect(try await ask(.put, "/v1/devices/d1/allow-key").json["keyChangeAllowed"] as? Bool == true)
            let shown = try await ask(.get, "/v1/devices/d1")
            #expect(shown.list("files").first?["size"] as? Int == 2)
            #expect(shown.json["rollout"] is NSNull)
            #expect(shown.json["pubkey"] is NSNull)
            #expect(try await ask(.delete, "/v1/devices/d1").status == 204)
            #expect(try await fixture.reports.files(of: DeviceID("d1")).isEmpty)
            #expect(try await ask(.get, "/v1/devices/d1").slug == "device-unknown")
            #expect(try await ask(.delete, "/v1/devices/d1").status == 204)
            #expect(try await ask(.delete, "/v1/devices/d2").status == 404)
        }
    }

    @Test("a device that calls itself preregister can be denied")
    func shadow() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["preregister"])
        try await fixture.serve { ask async throws in
            #expect(try await ask(.put, "/v1/devices/preregister/deny").json["uuid"] as? String == "preregister")
            #expect(try await ask(.get, "/v1/devices/preregister").json["denied"] as? Bool == true)
        }
    }

    @Test("preregistering counts what is new and what was known")
    func preregister() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            let answer = try await ask(
                .post, "/v1/devices/preregister", #"{"devices":["d1","d2","d2","d3"],"isProd":true,"tag":null,"later":1}"#)
            #expect(answer.status == 200)
            #expect(answer.json["registered"] as? Int == 2)
            #expect(answer.json["known"] as? Int == 1)
            #expect(try await ask(.get, "/v1/devices/d3").json["isProd"] as? Bool == true)
            #expect(try await ask(.get, "/v1/devices/d1").json["tag"] as? String == "main")
        }
    }

    @Test(
        "a member of a wrong type is named",
        arguments: [
            (#"{"devices":["d1"],"isProd":"yes"}"#, "isProd"), (#"{"devices":"d1","isProd":false}"#, "devices"),
            (#"{"devices":["d1",5],"isProd":false}"#, "devices[1]"), (#"{"devices":["d1","../x"],"isProd":false}"#, "devices[1]"),
            (#"{"devices":["d1"]}"#, "isProd"), (#"{"devices":["d1"],"isProd":null}"#, "isProd"), (#"[]"#, "the body"),
            ("", "JSON"), ("{", "JSON"), (String(repeating: "[", count: 100_000), "JSON"),
        ])
    func wrongTypes(body: String, named: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, "/v1/devices/preregister", body)
            #expect(answer.status == 400)
            #expect(answer.slug == "body-invalid")
            #expect(answer.detail.contains(named), "\(answer.detail)")
            #expect(try await ask(.get, "/v1/devices").list("devices").isEmpty)
        }
    }

    @Test("a storage that fails is 503 and tells nothing of itself")
    func brokenStorage() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        fixture.devices.isBroken.store(true, ordering: .relaxed)
        try await fixture.serve { ask async throws in
            for answer in [try await ask(.put, "/v1/devices/d1/undeny"), try await ask(.put, "/v1/devices/d1/deny")] {
                #expect(answer.status == 503)
                #expect(answer.slug == "storage-failed")
                #expect(!answer.text.contains("Broken"))
            }
            #expect(fixture.log.text.contains("Broken"))
        }
    }
}
