import Foundation
import Testing

@Suite("Required snaps, the operator's side")
struct RequiredSnapsTests {
    private func names(_ answer: Answer) -> [String]? { answer.json["snaps"] as? [String] }

    @Test("Requirements are set, listed and taken back with curl as the requirement writes it, a DELETE and a GET with bodies included")
    func requirements() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let path = "/v1/models/intel-corei7-64/required"
        #expect(try await server.api("GET", path).status == 404)
        #expect(try await server.api("DELETE", path, body: #"{"name":"hello","model":"intel-corei7-64"}"#).status == 404)
        for name in ["zeta", "hello"] {
            let body = #"{"name":"\#(name)","model":"intel-corei7-64"}"#
            #expect(try await server.api("POST", path, body: body).status == 201)
            #expect(try await server.api("POST", path, body: body).status == 200)
        }
        #expect(names(try await server.api("GET", path)) == ["hello", "zeta"])
        #expect(names(try await server.api("GET", path, body: #"{"model":"intel-corei7-64"}"#)) == ["hello", "zeta"])
        for body in [#"{"name":"hello","model":"other"}"#, #"{"name":"Hello","model":"intel-corei7-64"}"#, "{", #"{"nmae":"hello"}"#] {
            for method in ["POST", "DELETE"] {
                let answer = try await server.api(method, path, body: body)
                #expect(answer.status == 400 && answer.headers["content-type"] == "application/problem+json", "\(answer.text)")
            }
        }
        #expect(try await server.api("DELETE", path, body: #"{"name":"zeta","model":"intel-corei7-64"}"#).status == 204)
        await server.kill()
        try await server.launch()
        #expect(names(try await server.api("GET", path)) == ["hello"])
        #expect(try await server.api("DELETE", path, body: #"{"name":"hello","model":"intel-corei7-64"}"#).status == 204)
        #expect(names(try await server.api("GET", path)) == [])
        let audit = server.names("audit").compactMap { server.file("audit/\($0)") }.joined()
        #expect(audit.contains("DELETE /v1/models/{model}/required") && audit.contains("intel-corei7-64/zeta"))
    }

    @Test("An operator requires, looks and takes back with otactl alone")
    func operatorsWay() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let added = try await server.otactl(
            "models", "required", "add", "m1", "hello", "base", "--channel", "22/edge", "--classic", "--priority", "-3")
        #expect(added == "m1 requires hello\nm1 requires base\n")
        _ = try await server.otactl("models", "required", "add", "m1", "base", "--priority", "10")
        let list = try await server.otactl("models", "required", "list", "m1").split(separator: "\n").map(String.init)
        #expect(list.count == 3 && list[1].hasPrefix("base   22/edge  yes      10"), "\(list)")
        #expect(try await server.otactl("models", "required", "list", "m1", "-o", "json").contains(#""snaps""#))
        #expect(try await server.otactl("models", "required", "remove", "m1", "hello") == "m1 requires hello no longer\n")
        #expect(try await server.otactl("devices", "preregister", "d1").contains("registered 1"))
        #expect(try await server.otactl("devices", "set-model", "d1", "m1") == "d1 is of the model m1\n")
        #expect(try await server.otactl("models", "list").contains("m1     1               1        0        1"))
        let status = try await server.otactl("models", "status", "m1")
        #expect(status.contains("LACKED BY") && status.contains("d1") && status.contains("unknown"))
        #expect(try await server.otactl("models", "devices", "m1").contains("admin"))
        #expect(try await server.otactl("devices", "snaps", "list", "d1").contains("m1 (from admin)"))
        #expect(try await server.otactl("devices", "set-model", "d1", "--none") == "d1 is of the model that it says\n")
        #expect(try await server.otactl("models", "devices", "m1") == "no device is of this model\n")
        let wrong: [(Tool.Outcome, Int32)] = [
            (try await server.tryOtactl("models", "status", "nothing"), 1),
            (try await server.tryOtactl("models", "required", "list", "-m"), 64),
            (try await server.tryOtactl("models", "required", "add", "m1"), 64),
            (try await server.tryOtactl("models", "required", "add", "m1", "Not-A-Snap"), 65),
            (try await server.tryOtactl("models", "required", "remove", "m1", "hello"), 1),
            (try await server.tryOtactl("devices", "set-model", "d1"), 64),
            (try await server.tryOtactl("devices", "set-model", "nobody", "m1"), 1),
            (try await server.tryOtactl("devices", "snaps", "list", "nobody"), 1),
            (try await server.tryOtactl("devices", "snaps", "install", "d1"), 64),
            (try await server.tryOtactl("devices", "snaps", "setconf", "d1", "hello", "--data", "x"), 65),
            (try await server.tryOtactl("devices", "snaps", "setconf", "d1", "hello"), 64),
            (try await server.tryOtactl("devices", "snaps", "logs", "d1", "--limit", "0"), 64),
        ]
        for (index, (outcome, status)) in wrong.enumerated() {
            #expect(outcome.status == status && outcome.text.isEmpty, "case \(index): \(outcome.status) \(outcome.errors)")
        }
    }

    @Test("Every action that operators have is ordered with otactl, and is there after a kill with the data that agents take")
    func orders() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("d1")
        #expect(try await device.get("/device").status == 200)
        let file = "\(server.datadir)/text"
        try #"{"key":"hunter2"}"#.write(toFile: file, atomically: true, encoding: .utf8)
        let plain = ["remove", "revert", "enable", "disable", "conf", "info"]
        for word in plain { #expect(try await server.otactl("devices", "snaps", word, "d1", "hello").hasSuffix(": \(word) hello on d1\n")) }
        for word in ["list-again", "server", "device", "unregister"] { _ = try await server.otactl("devices", "snaps", word, "d1") }
        _ = try await server.otactl("devices", "snaps", "install", "d1", "hello", "--channel", "22/edge", "--classic")
        _ = try await server.otactl("devices", "snaps", "refresh", "d1", "hello")
        _ = try await server.otactl("devices", "snaps", "switch", "d1", "hello", "--channel", "latest/edge")
        _ = try await server.otactl("devices", "snaps", "start", "d1", "hello")
        for word in ["stop", "restart"] { _ = try await server.otactl("devices", "snaps", word, "d1", "hello", "hello.web") }
        _ = try await server.otactl("devices", "snaps", "setconf", "d1", "hello", "--file", file)
        for word in ["ack", "user"] { _ = try await server.otactl("devices", "snaps", word, "d1", "--data", "text of \(word)") }
        _ = try await server.otactl("devices", "snaps", "snapshot", "d1", "hello", "--url", "https://store.test/x")
        _ = try await server.otactl("devices", "snaps", "logs", "d1", "--limit", "7")
        await server.kill()
        try await server.launch()
        let table = try await server.otactl("devices", "snaps", "orders", "d1").split(separator: "\n")
        #expect(table.count == 22)
        let listed = try await server.api("GET", "/v1/devices/d1/snaps/orders")
        let actions = (listed.json["orders"] as? [[String: Any]])?.compactMap { $0["action"] as? String } ?? []
        #expect(
            Set(actions)
                == [
                    "list", "install", "remove", "refresh", "revert", "enable", "disable", "conf", "setconf", "info", "ack", "server",
                    "device", "start", "stop", "restart", "switch", "logs", "snapshot", "user", "unregister",
                ])
        #expect(!listed.text.contains("hunter2") && !server.logText.contains("hunter2"))
        let audit = server.names("audit").compactMap { server.file("audit/\($0)") }.joined()
        #expect(audit.contains("d1 setconf hello") && !audit.contains("hunter2"))

        // What the agent gets.
        let beat = #"{"deviceId":"d1","snapListHash":"a","installedSnapsHash":"b"}"#
        let answer = try await device.send("POST", "/snaps/heartbeat", body: beat)
        let requests = answer.json["requests"] as? [[String: Any]] ?? []
        let data = { (action: String) in requests.first { $0["action"] as? String == action }?["data"] as? String }
        #expect(data("install") == #"{"channel":"22/edge","classic":true}"#)
        #expect(data("switch") == "latest/edge")
        #expect(data("start") == #"{"services":[]}"# && data("stop") == #"{"services":["hello.web"]}"#)
        #expect(data("setconf") == #"{"key":"hunter2"}"#)
        #expect(data("snapshot") == #"{"url":"https://store.test/x"}"# && data("logs") == #"{"limit":7}"#)
        #expect(data("remove") == nil)
        let id = requests.first { $0["action"] as? String == "remove" }?["id"] as? String ?? ""
        let said = #"{"id":"\#(id)","action":"remove","success":false,"message":"snap \"hello\" is not installed"}"#
        #expect(try await device.send("POST", "/snaps/answers", body: said).status == 200)
        let shown = try await server.otactl("devices", "snaps", "orders", "d1").split(separator: "\n").first { $0.contains(id) }
        #expect(shown?.contains("failed") == true && shown?.contains("is not installed") == true)
    }
}
