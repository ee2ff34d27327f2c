import DeviceAuth
import Testing

@testable import Admin

@Suite("Files of devices")
struct DeviceFileTests {
    @Test(
        "a name that leads elsewhere is refused",
        arguments: [
            "..", "%2e%2e", "..%2f..%2fdb.sqlite", "%2Fetc%2Fpasswd", ".hidden", "a%00b", "a%5Cb", "tests%2Fx", "%C3%A4", "-x",
        ])
    func traversal(name: String) async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        for planted in ["..", "../../db.sqlite", "/etc/passwd", ".hidden", "tests/x", "-x"] {
            fixture.reports.put("secret", as: planted, of: try DeviceID("d1"))
        }
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices/d1/files/\(name)")
            #expect(answer.status == 400)
            #expect(!answer.text.contains("secret"))
        }
    }

    @Test("a longer path is no file")
    func longerPath() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            #expect(try await ask(.get, "/v1/devices/d1/files/../../../x").slug == "route-unknown")
        }
    }

    @Test(
        "a file comes with a type that no browser runs",
        arguments: [
            ("hardware-info", "application/json"), ("network-info", "application/json"), ("apps-states-17", "application/json"),
            ("events-abc", "application/x-ndjson"), ("aktoml", "text/plain; charset=utf-8"), ("page.html", "text/plain; charset=utf-8"),
        ])
    func types(name: String, type: String) async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        fixture.reports.put("<script>alert(1)</script>", as: name, of: try DeviceID("d1"))
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices/d1/files/\(name)")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == type)
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        }
    }

    @Test("aktoml comes without its secrets")
    func redaction() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        fixture.reports.put("[p11]\nmodule = \"/x.so\"\npass = \"1234\"\n", as: "aktoml", of: try DeviceID("d1"))
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices/d1/files/aktoml")
            #expect(answer.text.contains("/x.so"))
            #expect(!answer.text.contains("1234"))
        }
    }

    @Test("a file that is not there, and the files of a deleted device, are not found")
    func absent() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            #expect(try await ask(.get, "/v1/devices/d1/files/aktoml").slug == "file-unknown")
            _ = try await ask(.delete, "/v1/devices/d1")
            fixture.reports.put("x", as: "aktoml", of: try DeviceID("d1"))
            #expect(try await ask(.get, "/v1/devices/d1/files/aktoml").slug == "device-unknown")
        }
    }
}
