import Foundation
import Testing

@Suite("Asking the fleet")
struct FleetQuestionTests {
    @Test("Devices that made contact are found, counted and exported by what they told, in the very next answer")
    func questions() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        for (name, target) in [("ask-a", "lmp-41"), ("ask-b", "lmp-42"), ("ask-c", "=cmd|calc")] {
            let device = try await server.device(name)
            #expect(try await device.get("/device", tag: "main", ["-H", "x-ats-target: \(target)"]).status == 200)
        }
        try await server.otactl("devices", "preregister", "ask-d", "--tag", "devel")

        let list = try await server.otactl("devices", "--filter", "tag=main and version<43 and online", "--sort", "-version", "-o", "json")
        let document = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [String: Any]
        #expect((document?["devices"] as? [[String: Any]])?.map { $0["uuid"] as? String } == ["ask-b", "ask-a"])
        let table = try await server.otactl("devices", "list", "--filter", "not registered")
        #expect(table.contains("ask-d") && !table.contains("ask-a"))
        #expect(try await server.otactl("devices", "count", "--filter", "tag=main") == "3\n")
        #expect(try await server.otactl("devices", "count", "--by", "tag").contains("main      3"))

        try await server.otactl("devices", "deny", "ask-a")
        #expect(try await server.otactl("devices", "count", "--filter", "denied") == "1\n")

        let lines = try await server.otactl("devices", "--filter", "has target", "--sort", "target", "--limit", "2", "-o", "ndjson")
        #expect(lines.split(separator: "\n").count == 2 && lines.hasPrefix("{"))
        let csv = try await server.otactl("devices", "--filter", "target~calc", "-o", "csv")
        #expect(csv.hasPrefix("uuid,name,group,") && csv.contains(",'=cmd|calc,"))
    }

    @Test("A filter that is wrong ends with 65 and the character, whatever is printed")
    func errors() async throws {
        let server = try await SharedServer.get()
        for output in ["table", "json", "csv", "ndjson"] {
            let outcome = try await server.tryOtactl("devices", "--filter", "tag=main and", "-o", output)
            #expect(outcome.status == 65 && outcome.text == "")
            #expect(outcome.errors == "otactl: filter-invalid: character 13: expected a condition such as `tag=main`, found the end\n")
        }
        #expect(try await server.tryOtactl("devices", "--limit", "0").status == 64)
        #expect(try await server.tryOtactl("devices", "count", "-o", "csv").status == 64)
        #expect(try await server.tryOtactl("devices", "--sort", "tga").status == 65)
    }
}
