import Foundation
import Testing

@Suite("Configuration files of devices")
struct ConfigurationTests {
    /// What fioconfig sends: the `Date` of the answer it holds, in Go's spelling.
    private func ask(_ device: TestDevice, since date: String?, zone: String = "UTC") async throws -> Answer {
        let text = date?.replacingOccurrences(of: "GMT", with: zone)
        return try await device.get("/config", tag: nil, (text.map { ["-H", "If-Modified-Since: \($0)"] } ?? []))
    }

    private func value(_ name: String, _ answer: Answer) -> String? { (answer.json[name] as? [String: Any])?["Value"] as? String }

    private func set(_ server: TestServer, _ place: String, _ name: String, _ value: String) async throws {
        let body: [String: Any] = ["value": value, "reason": "test", "onChanged": ["/usr/share/fioconfig/handlers/x"]]
        let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        let answer = try await server.api("PUT", "/v1/config/\(place)/files/\(name)", body: text)
        guard answer.status == 200 else { throw TestServer.Unexpected(answer: answer) }
    }

    /// Asks until the device holds an answer that stands for what holds now; a second in which files changed never does.
    private func settle(_ device: TestDevice, _ first: Answer) async throws -> (date: String, last: Answer) {
        var last = first
        var date = try #require(first.headers["date"])
        let isSettled = try await eventually {
            let answer = try await ask(device, since: date)
            if answer.status == 304 { return true }
            last = answer
            date = answer.headers["date"] ?? ""
            return false
        }
        #expect(isSettled)
        return (date, last)
    }

    @Test("A device gets what was set, hears of each change however quickly they follow, and of each removal")
    func changes() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await ask(device, since: nil).status == 204)
        try await set(server, "fleet", "motd", "hello")
        try await set(server, "devices/one", "own", "x")
        let first = try await ask(device, since: nil)
        #expect(first.status == 200 && value("motd", first) == "hello" && value("own", first) == "x")
        #expect((first.json["motd"] as? [String: Any])?["OnChanged"] as? [String] == ["/usr/share/fioconfig/handlers/x"])
        #expect((first.json["motd"] as? [String: Any])?["Unencrypted"] as? Bool == true)
        var (date, _) = try await settle(device, first)
        for zone in ["UTC", "GMT"] { #expect(try await ask(device, since: date, zone: zone).status == 304) }

        // Many of these fall into one second.
        for round in 0..<12 {
            try await set(server, "fleet", "motd", "round \(round)")
            let answer = try await ask(device, since: date)
            #expect(answer.status == 200 && value("motd", answer) == "round \(round)")
            date = try #require(answer.headers["date"])
        }
        (date, _) = try await settle(device, try await ask(device, since: nil))
        for (path, left) in [("devices/one/files/own", ["motd"]), ("fleet", [])] {
            #expect(try await server.api("DELETE", "/v1/config/\(path)?reason=test").status == 200)
            let answer = try await ask(device, since: date)
            #expect(answer.status == 200 && answer.json.keys.sorted() == left, "\(answer.text)")
            date = try #require(answer.headers["date"])
        }
    }

    @Test("Kept over a kill: what was acknowledged holds, z-50-fioctl.toml is merged by key, and a device's own change too")
    func kill() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await device.get("/device").status == 200)
        try await set(server, "fleet", "z-50-fioctl.toml", "[pacman]\ntags = \"main\"\ndocker_apps = \"a,b\" # all\n[x]\nn = 1.0\n")
        try await set(server, "devices/one", "z-50-fioctl.toml", "pacman.tags = \"devel\"\n")
        let body = #"{"reason":"VPN","files":[{"name":"wireguard-client","value":"pubkey=hunter2","unencrypted":true}]}"#
        #expect(try await device.send("PATCH", "/config", body: body).status == 201)
        let before = try await ask(device, since: nil)
        await server.kill()
        try await server.launch()
        let after = try await ask(device, since: before.headers["date"])
        #expect(after.status == 200 && after.body == before.body)
        #expect(value("z-50-fioctl.toml", after) == "[pacman]\ntags = \"devel\"\ndocker_apps = \"a,b\"\n\n[x]\nn = 1.0\n")
        #expect(value("wireguard-client", after) == "pubkey=hunter2")
        let own = try await device.get("/config-device")
        #expect(own.json.keys.sorted() == ["wireguard-client", "z-50-fioctl.toml"])
        #expect(server.names("config/devices/one") == ["00000001.json", "00000002.json"])
        let audit = server.names("audit").compactMap { server.file("audit/\($0)") }.joined()
        #expect(audit.contains("/v1/config/fleet/files/{name}") && !audit.contains("hunter2") && !server.logText.contains("hunter2"))
    }

    @Test("An operator sets, looks, goes back and removes with otactl alone")
    func operatorsWay() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await device.get("/device").status == 200)
        let file = "\(server.datadir)/value"
        for (number, text) in [(1, "first\n"), (2, "second\n")] {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let said = try await server.otactl(
                "config", "set", "--fleet", "--reason", "try \(number)", "--on-changed", "/bin/x", "--on-changed=-y", "motd", file)
            #expect(said == "version \(number), 1 file\n")
        }
        #expect(try await server.otactl("config", "show", "--fleet", "motd") == "second\n")
        #expect(try await server.otactl("config", "show", "--fleet", "--version", "1", "motd") == "first\n")
        #expect(try await server.otactl("config", "show", "--fleet").contains("/bin/x,-y"))
        #expect(try await server.otactl("config", "rollback", "--fleet", "--reason", "no", "1") == "version 3, 1 file\n")
        #expect(value("motd", try await ask(device, since: nil)) == "first\n")
        let history = try await server.otactl("config", "history", "--fleet")
        #expect(history.contains("try 2") && history.contains("token:") && history.split(separator: "\n").count == 4)
        #expect(try await server.otactl("config", "effective", "--device", "one").contains("motd  fleet"))
        #expect(try await server.otactl("config", "delete", "--fleet", "--reason", "done & over", "motd") == "version 4, 0 files\n")
        #expect(try await ask(device, since: nil).text == "{}")
        #expect(
            try await server.otactl("config", "set", "--group", "oslo", "--reason", "r", "--encrypted", "s", file, "-o", "json").contains(
                "\"digest\""))
        let wrong: [(Tool.Outcome, Int32)] = [
            (try await server.tryOtactl("config", "show"), 64),
            (try await server.tryOtactl("config", "show", "--fleet", "--group", "x"), 64),
            (try await server.tryOtactl("config", "set", "--fleet", "motd", file), 64),
            (try await server.tryOtactl("config", "set", "--fleet", "--reason", "r", "motd", "/nonexistent"), 65),
            (try await server.tryOtactl("config", "set", "--fleet", "--reason", "r", "../motd", file), 65),
            (try await server.tryOtactl("config", "delete", "--fleet", "--reason", "r"), 64),
            (try await server.tryOtactl("config", "delete", "--fleet", "--reason", "r", "motd"), 1),
            (try await server.tryOtactl("config", "effective", "--device", "nobody"), 1),
        ]
        for (index, (outcome, status)) in wrong.enumerated() {
            #expect(outcome.status == status && outcome.text.isEmpty, "case \(index): \(outcome.errors)")
        }
    }
}
