import DeviceAuth
import Fleet
import HTTPTypes
import OperatorAuth
import Testing

@testable import Admin

@Suite("Configuration files in the API")
struct ConfigurationRoutesTests {
    private static let places = ["fleet", "groups/oslo", "devices/d1"]

    @Test(
        "what cannot be used is refused and makes no version",
        arguments: [
            ("files/..%2Fx", #"{"value":"hunter2","reason":"x"}"#), ("files/.x", #"{"value":"hunter2","reason":"x"}"#),
            ("files/a", #"{"value":"hunter2"}"#), ("files/a", #"{"value":"hunter2","reason":""}"#),
            ("files/a", #"{"value":"hunter2","reason":"two\nlines"}"#), ("files/a", #"{"reason":"x"}"#),
            ("files/a", #"{"value":7,"reason":"x"}"#),
            ("files/a", #"{"value":"hunter2","onChanged":[""],"reason":"x"}"#), ("files/a", "hunter2"),
            ("files/z-50-fioctl.toml", #"{"value":"hunter2","reason":"x"}"#), ("", #"{"files":{"a/b":{"value":"hunter2"}},"reason":"x"}"#),
            ("", #"{"files":{"a":{"value":"hunter2"}}}"#),
        ])
    func refused(path: String, body: String) async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            for place in Self.places {
                let answer = try await ask(.put, "/v1/config/\(place)" + (path.isEmpty ? "" : "/\(path)"), body)
                #expect(answer.status == 400, "\(place): \(answer.text)")
                #expect(!answer.text.contains("hunter2"))
                #expect(try await ask(.get, "/v1/config/\(place)").json["version"] as? Int == 0)
            }
        }
    }

    @Test("what is not there is told, and so are places that cannot be")
    func unknown() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            for place in Self.places {
                let root = "/v1/config/\(place)"
                #expect(try await ask(.get, "\(root)/files/a").slug == "configuration-unknown")
                #expect(try await ask(.delete, "\(root)/files/a?reason=x").slug == "configuration-unknown")
                #expect(try await ask(.get, "\(root)/history/1").slug == "configuration-unknown")
                #expect(try await ask(.get, "\(root)/history/x").status == 400)
                #expect(try await ask(.post, "\(root)/rollback", #"{"version":1,"reason":"x"}"#).slug == "configuration-unknown")
                #expect(try await ask(.delete, root).status == 400)
                #expect(try await ask(.get, "\(root)/history").list("versions").isEmpty)
            }
            #expect(try await ask(.get, "/v1/config/devices/nobody").slug == "device-unknown")
            #expect(try await ask(.get, "/v1/config/devices/nobody/history").slug == "device-unknown")
            #expect(try await ask(.get, "/v1/devices/nobody/config").slug == "device-unknown")
            #expect(try await ask(.put, "/v1/config/devices/nobody/files/a", #"{"value":"1","reason":"x"}"#).slug == "device-unknown")
            #expect(try await ask(.get, "/v1/config/groups/a%2Fb").slug == "attribute-invalid")
        }
    }

    @Test("who may write but not read sees no value; nor does a log, nor the audit log; the scope read does not lead to values")
    func secrets() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        let writer = fixture.tokens.make([.configWrite])
        let looker = fixture.tokens.make(try Scope.list("read"))
        try await fixture.serve { ask async throws in
            for place in Self.places {
                let root = "/v1/config/\(place)"
                let body = #"{"value":"hunter2","reason":"x"}"#
                for answer in [
                    try await ask(.put, "\(root)/files/a", body, token: writer),
                    try await ask(.put, root, #"{"files":{"a":{"value":"hunter2"},"b":{"value":"hunter2"}},"reason":"x"}"#, token: writer),
                    try await ask(.post, "\(root)/rollback", #"{"version":1,"reason":"x"}"#, token: writer),
                    try await ask(.get, "\(root)/history"),
                ] {
                    #expect(answer.status == 200 && !answer.text.contains("hunter2"), "\(answer.text)")
                }
                #expect(try await ask(.get, root, token: writer).status == 403)
                #expect(try await ask(.get, "\(root)/files/a", token: looker).status == 403)
                #expect(try await ask(.get, "\(root)/files/a").json["value"] as? String == "hunter2")
                #expect(try await ask(.delete, "\(root)?reason=x", token: writer).json["version"] as? Int == 4)
            }
        }
        #expect(!fixture.log.text.contains("hunter2"))
        let lines = try fixture.audit.lines(from: 1, most: 100, bytes: 1 << 20).map(\.text).joined(separator: "\n")
        #expect(!lines.contains("hunter2"))
    }

    @Test("every change is a version with its author, reason and time, and the way back is one more; pages go on")
    func history() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let root = "/v1/config/fleet"
            for value in ["1", "2", "2", "3"] {
                #expect(try await ask(.put, "\(root)/files/a", #"{"value":"\#(value)","reason":"to \#(value)"}"#).status == 200)
            }
            let back = try await ask(.post, "\(root)/rollback", #"{"version":1,"reason":"back"}"#)
            #expect(back.json["version"] as? Int == 4 && back.json["reason"] as? String == "back")
            #expect((back.json["author"] as? String)?.hasPrefix("token:") == true)
            let page = try await ask(.get, "\(root)/history?limit=3")
            #expect(page.list("versions").map { $0["reason"] as? String } == ["back", "to 3", "to 2"])
            let cursor = try #require(page.json["nextCursor"] as? String)
            let rest = try await ask(.get, "\(root)/history?limit=3&cursor=\(cursor)")
            #expect(rest.list("versions").map { $0["version"] as? Int } == [1])
            #expect(try await ask(.get, "\(root)/history/2").list("files").first?["value"] as? String == "2")
            #expect(try await ask(.get, "\(root)/files/a").json["value"] as? String == "1")
        }
    }

    @Test("the examples of the description are accepted")
    func examples() async throws {
        let page = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)
        let bodies = try #require(page.split(separator: "\n  requestBodies:\n").last?.split(separator: "\n  responses:\n").first)
        let examples = bodies.split(separator: "\n").filter { $0.hasPrefix("          example: ") }.map { String($0.dropFirst(19)) }
        #expect(examples.count == 3)
        let calls: [(HTTPRequest.Method, String)] = [(.put, "/files/z-50-fioctl.toml"), (.put, ""), (.post, "/rollback")]
        try await Fixture().serve { ask async throws in
            for place in ["fleet", "groups/oslo"] {
                for (example, call) in zip(examples, calls) {
                    let answer = try await ask(call.0, "/v1/config/\(place)\(call.1)", example)
                    #expect(answer.status == 200, "\(call.1): \(answer.text)")
                }
            }
        }
    }

    @Test("what a device gets is shown with the level that each file comes from")
    func effective() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        let group = try GroupName("oslo")
        try fixture.registry.entry(DeviceID("d1")).change { $0.group = group }
        try await fixture.serve { ask async throws in
            for (place, files) in [("fleet", "fgd"), ("groups/oslo", "gd"), ("devices/d1", "d")] {
                for file in files { _ = try await ask(.put, "/v1/config/\(place)/files/\(file)", #"{"value":"\#(place)","reason":"x"}"#) }
                let toml = #"{"value":"\#(files.count == 1 ? "x" : "y") = \#(files.count)","reason":"x"}"#
                _ = try await ask(.put, "/v1/config/\(place)/files/z-50-fioctl.toml", toml)
            }
            let answer = try await ask(.get, "/v1/devices/d1/config")
            #expect(answer.json["group"] as? String == "oslo")
            #expect(answer.list("files").map { $0["name"] as? String } == ["d", "f", "g", "z-50-fioctl.toml"])
            #expect(
                answer.list("files").map { $0["levels"] as? [String] } == [["device"], ["fleet"], ["group"], ["fleet", "group", "device"]])
            #expect(answer.list("files").last?["value"] as? String == "y = 2\nx = 1\n")
            #expect(try await ask(.delete, "/v1/devices/d1").status == 204)
            #expect(try await ask(.put, "/v1/devices/d1/undeny").status == 200)
            #expect(try await ask(.get, "/v1/config/devices/d1").json["version"] as? Int == 0)
        }
    }
}
