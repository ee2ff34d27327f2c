import DeviceAuth
import Fleet
import Foundation
import Testing

@testable import Admin

@Suite("Bulk actions and attributes")
struct BulkRoutesTests {
    @Test(
        "a bulk action that says too little, too much or nonsense is refused, and says why",
        arguments: [
            (#"{"action":"deny"}"#, "bulk-invalid"), (#"{"action":"deny","q":"tag=main","devices":["d1"]}"#, "bulk-invalid"),
            (#"{"action":"explode","devices":["d1"]}"#, "bulk-invalid"), (#"{"devices":["d1"]}"#, "body-invalid"),
            (#"{"action":"rename","devices":["d1"]}"#, "bulk-invalid"), (#"{"action":"group","devices":["d1"]}"#, "bulk-invalid"),
            (#"{"action":"label","devices":["d1"],"labels":{}}"#, "bulk-invalid"),
            (#"{"action":"rename","devices":["d1"],"name":"same"}"#, "attribute-invalid"),
            (#"{"action":"group","devices":["d1"],"group":"-x"}"#, "attribute-invalid"),
            (#"{"action":"deny","q":"tag="}"#, "filter-invalid"), (#"{"action":"deny","q":"tag=main"}"#, "expect-missing"),
            (#"{"action":"deny","devices":["../x"]}"#, "body-invalid"),
        ])
    func nonsense(body: String, slug: String) async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, "/v1/devices/bulk", body)
            #expect(answer.status == 400)
            if slug != "body-invalid" || answer.slug != "device-id-invalid" { #expect(answer.slug == slug, "\(answer.text)") }
            #expect(fixture.registry.directory[try DeviceID("d1")]?.state.isDenied == false)
        }
    }

    @Test("a dry run changes nothing and leaves no line; the action needs its count, and leaves one line")
    func guarded() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices((0..<150).map { "d\($0)" })
        try await fixture.addDevices(["other"], tag: "devel")
        try await fixture.serve { ask async throws in
            let dry = try await ask(.post, "/v1/devices/bulk", #"{"action":"deny","q":"tag=main","dryRun":true}"#)
            #expect(dry.json["count"] as? Int == 150 && dry.json["matched"] as? Int == 150)
            #expect((dry.json["devices"] as? [String])?.count == BulkRoutes.mostNamed)
            #expect(fixture.audit.entries.isEmpty)
            #expect(fixture.registry.directory[try DeviceID("d7")]?.state.isDenied == false)
            let wrong = try await ask(.post, "/v1/devices/bulk", #"{"action":"deny","q":"tag=main","expect":149}"#)
            #expect(wrong.status == 409 && wrong.slug == "count-differs")
            let done = try await ask(.post, "/v1/devices/bulk", #"{"action":"deny","q":"tag=main","expect":150}"#)
            #expect(done.status == 200 && done.json["dryRun"] as? Bool == false && done.json["count"] as? Int == 150)
            #expect(fixture.registry.directory[try DeviceID("other")]?.state.isDenied == false)
            #expect(fixture.audit.entries.map(\.subject) == ["deny: 150 devices of the filter tag=main"])
        }
    }

    @Test("devices that are deleted in bulk lose their files; asked again, files that were left are removed")
    func delete() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1", "d2"])
        fixture.reports.put("{}", as: "hardware-info", of: try DeviceID("d1"))
        try await fixture.serve { ask async throws in
            #expect(try await ask(.post, "/v1/devices/bulk", #"{"action":"delete","devices":["d1","d1"]}"#).json["count"] as? Int == 1)
            #expect(try await fixture.reports.files(of: DeviceID("d1")).isEmpty)
            #expect(try await ask(.get, "/v1/devices/d1").status == 404)
            fixture.reports.put("{}", as: "hardware-info", of: try DeviceID("d1"))
            #expect(try await ask(.post, "/v1/devices/bulk", #"{"action":"delete","devices":["d1"]}"#).json["count"] as? Int == 0)
            #expect(try await fixture.reports.files(of: DeviceID("d1")).isEmpty)
        }
    }

    @Test("a patch changes what it names, keeps the rest, and changes nothing when a part of it cannot be used")
    func patch() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1", "bulk"])
        @Sendable func state() throws -> DeviceState? { fixture.registry.directory[try DeviceID("d1")]?.state }
        try await fixture.serve { ask async throws in
            for bad in [
                #"{"name":"x","group":"a b"}"#, #"{"name":" x"}"#, #"{"name":""}"#, #"{"labels":{"-":"x"}}"#, #"{"labels":{"k":""}}"#,
                #"{"name":5}"#, #"{"name":"x","labels":{"k":5}}"#, "[]",
            ] {
                #expect(try await ask(.patch, "/v1/devices/d1", bad).status == 400, "\(bad)")
                #expect(try state()?.name == nil)
            }
            #expect(try await ask(.patch, "/v1/devices/nobody", "{}").status == 404)
            let all = try await ask(.patch, "/v1/devices/d1", #"{"name":"press 7","group":"oslo","labels":{"a":"1","b":"2"}}"#)
            #expect(all.status == 200 && all.json["uuid"] as? String == "d1")
            #expect(try await ask(.patch, "/v1/devices/d1", #"{"group":null,"labels":{"a":null}}"#).status == 200)
            #expect(try state()?.name?.text == "press 7" && state()?.group == nil && state()?.labels.values == ["b": "2"])
            #expect(fixture.audit.entries.map(\.subject) == ["d1", "d1"])
            #expect(try await ask(.patch, "/v1/devices/bulk", #"{"name":"b"}"#).status == 200)
        }
    }

    @Test("groups are listed page by page with their counts")
    func groups() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["a", "b", "c"])
        try await fixture.registry.change([DeviceID("a"), DeviceID("b")], AttributeChange(group: GroupName("x")))
        try await fixture.registry.change([DeviceID("c")], AttributeChange(group: GroupName("w")))
        try await fixture.serve { ask async throws in
            let first = try await ask(.get, "/v1/groups?limit=1")
            #expect(first.list("groups").first?["name"] as? String == "w")
            let cursor = try #require(first.json["nextCursor"] as? String)
            let second = try await ask(.get, "/v1/groups?limit=1&cursor=\(cursor)")
            #expect(second.list("groups").first?["devices"] as? Int == 2 && second.json["nextCursor"] is NSNull)
        }
    }

    @Test("the updates of a device are listed, the newest first, with what made them fail")
    func updates() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        let intake = ReportIntake(store: fixture.reports, registry: fixture.registry, rollouts: fixture.rollouts)
        let events = #"""
            [{"id":"1","deviceTime":"2026-03-01T12:00:00Z","eventType":{"id":"EcuDownloadStarted"},"event":{"correlationId":"42-a","targetName":"lmp-42"}},
             {"id":"2","deviceTime":"2026-03-01T12:01:00Z","eventType":{"id":"EcuInstallationCompleted"},"event":{"correlationId":"42-a","success":false,"details":"no space"}},
             {"id":"3","eventType":{"id":"EcuDownloadStarted"},"event":{"correlationId":"43-b"}}]
            """#
        _ = try await intake.events(Array(events.utf8), from: DeviceID("d1"))
        try await fixture.serve { ask async throws in
            let updates = try await ask(.get, "/v1/devices/d1/updates").list("updates")
            #expect(updates.map { $0["correlationId"] as? String } == ["43-b", "42-a"])
            #expect(updates.map { $0["outcome"] as? String } == ["running", "failed"])
            #expect(updates.last?["reason"] as? String == "no space" && updates.last?["ended"] as? String == "2026-03-01T12:01:00Z")
            #expect((updates.last?["events"] as? [[String: Any]])?.count == 2)
            #expect(try await ask(.get, "/v1/devices/nobody/updates").status == 404)
        }
    }
}
