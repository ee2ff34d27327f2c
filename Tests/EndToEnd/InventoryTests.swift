import Foundation
import Testing

@Suite("Inventory and registration")
struct InventoryTests {
    @Test("with a queue a device waits, is rejected, is accepted all the same, and is then served on the connection that it has")
    func queue() async throws {
        let server = try await TestServer.start(configuration: "registration: queue\n", samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        let other = try await server.device("two")
        for _ in 0..<2 { #expect(try await device.get("/device", tag: "main").json["slug"] as? String == "device-pending") }
        #expect(try await other.get("/device").status == 403)
        // What was answered is stored: it outlives a kill.
        await server.kill()
        try await server.launch()
        let listed = try await server.api("GET", "/v1/registrations")
        let waiting = try #require((listed.json["registrations"] as? [[String: Any]])?.first)
        #expect(waiting["uuid"] as? String == "one" && waiting["tag"] as? String == "main")
        #expect((waiting["subject"] as? String)?.hasPrefix("CN=one") == true)

        #expect(try await server.otactl("registrations", "reject", "one").contains("rejected 1"))
        #expect(try await device.get("/device").json["slug"] as? String == "device-rejected")
        #expect(try await server.otactl("registrations", "--rejected").contains("one"))
        try await server.otaserve("registrations", "accept", "one")
        #expect(try await device.get("/device", tag: "main").status == 200)
        #expect(try await server.otactl("registrations", "accept", "--all").contains("accepted 1"))
        #expect(try await other.get("/device").status == 200)
        #expect(try await server.otactl("registrations").contains("none waits"))
    }

    @Test("names and groups reach the device, survive a kill, and bulk actions change as many as their dry run told")
    func attributes() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let one = try await server.device("one")
        let two = try await server.device("two")
        #expect(try await one.get("/device", tag: "main").json["name"] as? String == "one")
        #expect(try await two.get("/device", tag: "main").status == 200)
        let patched = try await server.api("PATCH", "/v1/devices/one", body: #"{"name":"press 7","group":"oslo","labels":{"site":"oslo"}}"#)
        #expect(patched.status == 200)
        await server.kill()
        try await server.launch()
        let shown = try await one.get("/device").json
        #expect(shown["name"] as? String == "press 7" && shown["Name"] as? String == "press 7" && shown["group_name"] as? String == "oslo")
        #expect(try await two.get("/device").json["group_name"] as? String == "")

        let dry = try await server.api("POST", "/v1/devices/bulk", body: #"{"action":"deny","q":"label.site=oslo","dryRun":true}"#)
        #expect(dry.json["count"] as? Int == 1 && dry.json["devices"] as? [String] == ["one"])
        #expect(try await one.get("/device").status == 200)
        let late = try await server.api("POST", "/v1/devices/bulk", body: #"{"action":"deny","q":"has label.site","expect":2}"#)
        #expect(late.status == 409 && late.json["slug"] as? String == "count-differs")
        let filter = "label.site=oslo"
        #expect(try await server.otactl("devices", "deny", "--filter", filter, "--dry-run").contains("1 of 1 devices would change"))
        #expect(try await server.otactl("devices", "deny", "--filter", filter, "--yes").contains("1 of 1 devices changed"))
        #expect(try await one.get("/device").json["slug"] as? String == "device-denied")
        #expect(try await two.get("/device").status == 200)
        try await server.otactl("devices", "undeny", "one")
        #expect(try await server.otactl("devices", "label", "one", "two", "--set", "site=bergen", "--remove", "x").contains("2 of 2"))
        try await server.otactl("devices", "group", "two", "--group", "oslo")
        #expect(try await server.otactl("devices", "groups").contains("oslo   2"))
        try await server.otactl("devices", "rename", "one", "--none")
        #expect(try await one.get("/device").json["name"] as? String == "one")
        #expect(try await server.otaserve("audit", "show").contains("deny: 1 devices of the filter label.site=oslo"))
    }

    @Test("a device's status follows its events and its configuration tells its hardware; a kill right after the answer loses neither")
    func status() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await device.get("/device", tag: "main").status == 200)
        let toml = "[provision]\nprimary_ecu_hardware_id = \"intel-corei7-64\"\n"
        #expect(try await device.send("PUT", "/system_info/config", body: toml).status == 200)
        func events(_ id: String, _ type: String, _ rest: String) -> String {
            let body = #"{"correlationId":"43-x","targetName":"lmp-43"\#(rest)}"#
            return #"[{"id":"\#(id)","deviceTime":"2026-03-01T12:00:00Z","eventType":{"id":"\#(type)"},"event":\#(body)}]"#
        }
        #expect(try await device.send("POST", "/events", body: events("1", "EcuDownloadStarted", "")).status == 200)
        func count(_ filter: String) async throws -> Int? {
            let body = #"{"action":"deny","q":"\#(filter)","dryRun":true}"#
            return try await server.api("POST", "/v1/devices/bulk", body: body).json["matched"] as? Int
        }
        #expect(try await count("status=updating and hardware=intel-corei7-64") == 1)
        let failed = events("2", "EcuInstallationCompleted", #","success":false,"details":"no space left""#)
        #expect(try await device.send("POST", "/events", body: failed).status == 200)
        await server.kill()
        try await server.launch()
        #expect(try await count("status=failed") == 1)
        let table = try await server.otactl("devices", "updates", "one")
        #expect(table.contains("lmp-43") && table.contains("failed") && table.contains("no space left"))
        // Stopped in order, nothing is looked for at the next start, and all is there.
        #expect(await server.terminate() == 0)
        try await server.launch()
        #expect(try await count("status=failed and hardware=intel-corei7-64") == 1)
    }
}
