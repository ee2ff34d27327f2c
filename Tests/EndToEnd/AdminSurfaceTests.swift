import Foundation
import Testing

@Suite("The operator's side")
struct AdminSurfaceTests {
    private static func isProblem(_ answer: Answer, _ status: Int, _ slug: String) -> Bool {
        answer.status == status && answer.slug == slug && answer.headers["content-type"] == "application/problem+json"
            && answer.json["status"] as? Int == status && answer.json["detail"] as? String != nil
            && answer.json["type"] as? String == "urn:otaserve:problem:\(slug)"
    }

    @Test("Without a good token nothing below /v1 is answered; one that only reads changes nothing")
    func access() async throws {
        let server = try await SharedServer.get()
        let reading = try await server.otaserve("token", "create", "--scope", "read").trimmingCharacters(in: .whitespacesAndNewlines)
        let routes = [
            ("GET", "/v1/devices", 200), ("GET", "/v1/updates", 200), ("GET", "/v1/rollouts", 200), ("PUT", "/v1/devices/x/deny", 403),
            ("PUT", "/v1/devices/x/undeny", 403), ("PUT", "/v1/devices/x/allow-key", 403), ("DELETE", "/v1/devices/x", 403),
            ("POST", "/v1/devices/preregister", 403), ("DELETE", "/v1/updates/ci/main/42", 403), ("POST", "/v1/rollouts", 403),
            ("PUT", "/v1/rollouts/1-0/devices", 403), ("PUT", "/v1/rollouts/1-0/start", 403), ("POST", "/v1/reload", 403),
            ("GET", "/v1/tokens", 403), ("DELETE", "/v1/tokens/x", 403),
        ]
        for (method, path, status) in routes {
            let missing = try await Answer.of(curl: ["-X", method, "\(server.admin)\(path)"])
            #expect(Self.isProblem(missing, 401, "token-missing"), "\(method) \(path): \(missing.text)")
            #expect(missing.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            let limited = try await server.api(method, path, token: reading)
            #expect(limited.status == status, "\(method) \(path): \(limited.text)")
            if status == 403 { #expect(limited.slug == "scope-missing") }
        }
        let wrong = String(server.token.dropLast(2)) + (server.token.hasSuffix("AA") ? "BB" : "AA")
        for token in [wrong, "x", "ota_", server.token + "x", reading.replacingOccurrences(of: "ota_", with: "")] {
            #expect(try await server.api("GET", "/v1/devices", token: token).status == 401, "\(token.count)")
        }
        let short = try await server.otaserve("token", "create", "--scope", "read", "--expires", "1s").trimmingCharacters(
            in: .whitespacesAndNewlines)
        try await expectEventually { try await server.api("GET", "/v1/devices", token: short).slug == "token-expired" }
        // A token that is removed works no longer.
        let id = try #require(reading.split(separator: "_").dropFirst().first.map(String.init))
        #expect(try await server.tryOtaserve("token", "remove", id).status == 0)
        #expect(try await server.api("GET", "/v1/devices", token: reading).status == 401)
        #expect(!server.logText.contains(server.token.suffix(30)))
    }

    @Test("Health and the description are there for everybody; what is not there is a problem document")
    func surface() async throws {
        let server = try await SharedServer.get()
        for path in ["/livez", "/readyz"] {
            let answer = try await Answer.of(curl: ["\(server.admin)\(path)"])
            #expect(answer.status == 200)
            #expect(answer.json["status"] as? String == "ok")
        }
        let description = try await Answer.of(curl: ["\(server.admin)/openapi.yaml"])
        #expect(description.status == 200)
        #expect(description.text.hasPrefix("openapi: 3.1"))
        for path in ["/v1/devices", "/v1/updates", "/v1/rollouts/{id}/tail"] { #expect(description.text.contains("\n  \(path):")) }
        #expect(Self.isProblem(try await server.api("GET", "/v1/nothing"), 404, "route-unknown"))
        #expect(Self.isProblem(try await server.api("POST", "/v1/devices"), 405, "method-not-allowed"))
        #expect(Self.isProblem(try await server.api("GET", "/v1/devices/nobody"), 404, "device-unknown"))
        #expect(Self.isProblem(try await server.api("PUT", "/v1/devices/nobody/deny"), 404, "device-unknown"))
        #expect(try await server.api("GET", "/v1/devices/..%2f..%2fcerts").status == 400)
        #expect(Self.isProblem(try await server.api("GET", "/v1/devices?limit=0"), 400, "limit-invalid"))
        #expect(Self.isProblem(try await server.api("GET", "/v1/devices?cursor=x"), 400, "cursor-invalid"))
        #expect(Self.isProblem(try await server.api("POST", "/v1/rollouts", body: "{"), 400, "body-invalid"))
        #expect(Self.isProblem(try await server.api("GET", "/v1/updates/ci/main/99"), 404, "update-unknown"))
    }

    @Test("A list in pages has every device once, also while devices are added")
    func paging() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let devices = (1...57).map { "page-\($0)" }
        try await server.preregister(devices)
        #expect(try await server.api("DELETE", "/v1/devices/page-7").status == 204)
        var found: [String] = []
        var cursor: String?
        var pages = 0
        repeat {
            let answer = try await server.api("GET", "/v1/devices?limit=8" + (cursor.map { "&cursor=\($0)" } ?? ""))
            try #require(answer.status == 200)
            found += (answer.json["devices"] as? [[String: Any]] ?? []).compactMap { $0["uuid"] as? String }
            cursor = answer.json["nextCursor"] as? String
            pages += 1
            try await server.preregister(["another-\(pages)"])
        } while cursor != nil
        #expect(found == devices.filter { $0 != "page-7" }.sorted())
        #expect(pages == 7)
    }

    @Test("The socket that commands use can be opened by its owner only")
    func socketMode() async throws {
        let server = try await SharedServer.get()
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(server.datadir)/otaserve.sock")
        #expect(attributes[.type] as? FileAttributeType == .typeSocket)
        #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o777 } == 0o600)
        #expect(!server.names("").contains("otaserve.sock.d"))
        let answer = try await Answer.of(curl: ["--unix-socket", "\(server.datadir)/otaserve.sock", "http://localhost/v1/devices"])
        #expect(answer.status == 200)
    }

    @Test("A device's files are shown as it sent them, its configuration without secrets")
    func deviceFiles() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("as-files")
        #expect(try await device.send("PUT", "/system_info", body: #"{"class":"system"}"#).status == 200)
        #expect(try await device.send("PUT", "/system_info/config", body: "[p11]\npin = \"98765\"\nmodule = \"x\"\n").status == 200)
        let shown = try await server.api("GET", "/v1/devices/as-files")
        #expect(((shown.json["files"] as? [[String: Any]]) ?? []).map { $0["name"] as? String } == ["aktoml", "hardware-info"])
        #expect(try await server.api("GET", "/v1/devices/as-files/files/hardware-info").text == #"{"class":"system"}"#)
        let configuration = try await server.api("GET", "/v1/devices/as-files/files/aktoml")
        #expect(!configuration.text.contains("98765"))
        #expect(configuration.text.contains("module = \"x\""))
        #expect(try await server.api("GET", "/v1/devices/as-files/files/events-none").status == 404)
        for name in ["..%2f..%2fdb.sqlite", "%2e%2e", ".hidden"] {
            #expect(try await server.api("GET", "/v1/devices/as-files/files/\(name)").status == 400, "\(name)")
        }
        #expect(try await server.api("DELETE", "/v1/devices/as-files").status == 204)
        #expect(!server.names("devices").contains("as-files"))
        #expect(try await device.get("/device").slug == "device-deleted")
    }
}
