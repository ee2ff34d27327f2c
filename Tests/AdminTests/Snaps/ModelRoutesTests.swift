import DeviceAuth
import Fleet
import FleetTesting
import HTTPTypes
import Snaps
import Testing

@testable import Admin

@Suite("Models and required snaps in the API")
struct ModelRoutesTests {
    private static let path = "/v1/models/m1/required"

    private static let bad: [(String, String)] = [
        (#"{"name":"a","model":"m2"}"#, "model-differs"), (#"{"name":"","model":"m1"}"#, "snap-name-invalid"),
        (#"{"name":"A","model":"m1"}"#, "snap-name-invalid"), (#"{"name":"a--b","model":"m1"}"#, "snap-name-invalid"),
        (#"{"name":"12","model":"m1"}"#, "snap-name-invalid"), (#"{"name":"a_","model":"m1"}"#, "snap-name-invalid"),
        (#"{"name":"a","model":""}"#, "model-name-invalid"), (#"{"name":"a","model":"-m"}"#, "model-name-invalid"),
        (#"{"model":"m1"}"#, "body-invalid"), (#"{"name":7,"model":"m1"}"#, "body-invalid"),
        (#"{"name":"a","model":"m1""#, "body-invalid"), ("", "body-invalid"), ("[]", "body-invalid"), ("null", "body-invalid"),
        (#"{"name":"a","model":"m1","chanel":"edge"}"#, "body-invalid"), (#"{"name":"a","model":"m1","classic":"yes"}"#, "body-invalid"),
    ]

    @Test("what cannot be required is refused with what is wrong, also when it is to be removed, and changes nothing", arguments: bad)
    func refused(body: String, slug: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            #expect(try await ask(.post, Self.path, #"{"name":"kept","model":"m1"}"#).status == 201)
            for method in [HTTPRequest.Method.post, .delete] {
                let answer = try await ask(method, Self.path, body)
                #expect(answer.status == 400 && answer.slug == slug, "\(method): \(answer.text)")
                #expect(!answer.detail.isEmpty)
            }
            #expect(try await ask(.get, Self.path).json["snaps"] as? [String] == ["kept"])
            #expect(try await ask(.get, "/v1/models").list("models").count == 1)
        }
    }

    @Test(
        "a channel, a priority and the path are looked at, too",
        arguments: [
            (path, #"{"name":"a","channel":"a b"}"#, "requirement-invalid"),
            (path, #"{"name":"a","channel":"a/b/c/d"}"#, "requirement-invalid"),
            (path, #"{"name":"a","priority":1001}"#, "requirement-invalid"),
            ("/v1/models/-m/required", #"{"name":"a"}"#, "model-name-invalid"),
            ("/v1/models/a%2Fb/required", #"{"name":"a"}"#, "model-name-invalid"),
        ])
    func requirementRefused(path: String, body: String, slug: String) async throws {
        try await Fixture().serve { ask async throws in
            let answer = try await ask(.post, path, body)
            #expect(answer.status == 400 && answer.slug == slug, "\(answer.text)")
            #expect(try await ask(.get, "/v1/models").list("models").isEmpty)
        }
    }

    @Test("a model that nobody knows has no requirements, no status and no devices, and gives none back")
    func unknown() async throws {
        try await Fixture().serve { ask async throws in
            for path in ["required", "status", "devices"] {
                let answer = try await ask(.get, "/v1/models/m1/\(path)")
                #expect(answer.status == 404 && answer.slug == "model-unknown", "\(answer.text)")
            }
            #expect(try await ask(.delete, Self.path, #"{"name":"a","model":"m1"}"#).slug == "model-unknown")
            _ = try await ask(.post, Self.path, #"{"name":"a","model":"m1"}"#)
            let answer = try await ask(.delete, Self.path, #"{"name":"b","model":"m1"}"#)
            #expect(answer.status == 404 && answer.slug == "requirement-unknown")
        }
    }

    @Test("a requirement is made once, listed by name, and taken back; the model stays")
    func contract() async throws {
        try await Fixture().serve { ask async throws in
            for name in ["zeta", "alpha", "mid_key"] {
                #expect(try await ask(.post, Self.path, #"{"name":"\#(name)","model":"m1"}"#).status == 201)
            }
            #expect(try await ask(.post, Self.path, #"{"name":"zeta","model":"m1"}"#).status == 200)
            for body in [nil, #"{"model":"m1"}"#, "{}"] {
                let answer = try await ask(.get, Self.path, body)
                #expect(answer.status == 200 && answer.json["snaps"] as? [String] == ["alpha", "mid_key", "zeta"], "\(answer.text)")
            }
            #expect(try await ask(.get, Self.path, #"{"model":"m2"}"#).slug == "model-differs")
            #expect(try await ask(.get, Self.path, #"{"modle":"m1"}"#).slug == "body-invalid")
            let removed = try await ask(.delete, Self.path, #"{"name":"mid_key","model":"m1"}"#)
            #expect(removed.status == 204 && removed.text.isEmpty)
            for name in ["alpha", "zeta"] { _ = try await ask(.delete, Self.path, #"{"name":"\#(name)"}"#) }
            #expect(try await ask(.get, Self.path).json["snaps"] as? [String] == [])
            #expect(try await ask(.get, "/v1/models").list("models").first?["name"] as? String == "m1")
        }
    }

    @Test("who requires again a snap by its name alone keeps its channel, its confinement and its priority")
    func details() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let full = #"{"name":"b","model":"m1","channel":"22/edge","classic":true,"priority":5}"#
            #expect(try await ask(.post, Self.path, full).status == 201)
            _ = try await ask(.post, Self.path, #"{"name":"a","model":"m1"}"#)
            let writes = fixture.snapRows.writes
            let again = try await ask(.post, Self.path, #"{"name":"b","model":"m1"}"#)
            #expect(again.status == 200 && again.json["channel"] as? String == "22/edge" && again.json["priority"] as? Int == 5)
            #expect(fixture.snapRows.writes == writes)
            let requirements = try await ask(.get, Self.path).list("requirements")
            #expect(requirements.map { $0["name"] as? String } == ["b", "a"])
            #expect(requirements.first?["classic"] as? Bool == true)
            #expect(try await ask(.post, Self.path, #"{"name":"b","model":"m1","channel":null,"priority":-1}"#).status == 200)
            #expect(try await ask(.get, Self.path).list("requirements").map { $0["name"] as? String } == ["a", "b"])
        }
        #expect(fixture.audit.entries.map(\.subject) == ["m1/b", "m1/a", "m1/b"])
        #expect(try fixture.snapRows.loadModels()[ModelName("m1")]?.last?.channel == nil)
    }

    @Test("what cannot be stored now is not required, and the next try is")
    func storage() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            fixture.snapRows.use { _ in throw MemoryDevices.Broken() }
            #expect(try await ask(.post, Self.path, #"{"name":"a","model":"m1"}"#).slug == "storage-failed")
            #expect(try await ask(.get, Self.path).status == 404)
            fixture.snapRows.use { try $0() }
            #expect(try await ask(.post, Self.path, #"{"name":"a","model":"m1"}"#).status == 201)
        }
    }

    @Test("models come in pages by name, also those that only devices have, with their counts")
    func models() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1", "d2", "d3"])
        try await fixture.serve { ask async throws in
            for model in ["m3", "m1"] { _ = try await ask(.post, "/v1/models/\(model)/required", #"{"name":"a"}"#) }
            for device in ["d1", "d2"] { _ = try fixture.heartbeat(device, model: "m1") }
            _ = try fixture.heartbeat("d3", model: "m2")
            try await fixture.publish(["b"], from: "d1")
            let page = try await ask(.get, "/v1/models?limit=2")
            #expect(page.list("models").map { $0["name"] as? String } == ["m1", "m2"])
            let cursor = try #require(page.json["nextCursor"] as? String)
            let rest = try await ask(.get, "/v1/models?limit=2&cursor=\(cursor)")
            #expect(rest.list("models").map { $0["name"] as? String } == ["m3"])
            #expect(rest.text.contains(#""nextCursor":null"#))
            let first = try #require(page.list("models").first)
            #expect(["required", "devices", "lacking", "unknown"].map { first[$0] as? Int } == [1, 2, 1, 1])
            #expect(try await ask(.get, "/v1/models?cursor=x").slug == "cursor-invalid")
        }
    }

    @Test("the status of a model tells who lacks what and of whom nothing is known, page by page")
    func status() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1", "d2", "d3", "d4"])
        try await fixture.serve { ask async throws in
            for name in ["a", "b"] { _ = try await ask(.post, Self.path, #"{"name":"\#(name)"}"#) }
            for device in ["d1", "d2", "d3", "d4"] { _ = try fixture.heartbeat(device, model: "m1") }
            try await fixture.publish(["a"], from: "d1")
            try await fixture.publish(["a", "b"], from: "d2")
            try await fixture.publish([], from: "d3")
            let page = try await ask(.get, "/v1/models/m1/status?limit=2")
            #expect(page.list("lackedBy").map { $0["devices"] as? Int } == [1, 2])
            #expect(page.list("devices").map { $0["uuid"] as? String } == ["d1", "d3"])
            #expect(page.list("devices").map { $0["missing"] as? [String] } == [["b"], ["a", "b"]])
            let cursor = try #require(page.json["nextCursor"] as? String)
            let rest = try await ask(.get, "/v1/models/m1/status?limit=2&cursor=\(cursor)")
            #expect(rest.list("devices").map { $0["uuid"] as? String } == ["d4"])
            #expect((rest.json["model"] as? [String: Any])?["lacking"] as? Int == 2)
            #expect(try await ask(.get, "/v1/models/m1/status?cursor=\(Cursor(after: "a/b").text)").slug == "cursor-invalid")
            let devices = try await ask(.get, "/v1/models/m1/devices?limit=3")
            #expect(devices.list("devices").map { $0["uuid"] as? String } == ["d1", "d2", "d3"])
            #expect(devices.json["nextCursor"] is String)
        }
    }
}
