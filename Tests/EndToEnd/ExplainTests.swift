import Foundation
import Testing

@Suite("Explaining and replaying")
struct ExplainTests {
    private static func served(_ server: TestServer, _ device: String) async throws -> [String: Any] {
        let answer = try await server.api("GET", "/v1/devices/\(device)/explain")
        #expect(answer.status == 200)
        return answer.json["served"] as? [String: Any] ?? [:]
    }

    @Test("What an explanation says of targets.json is what the gateway answers")
    func gateway() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("ex-one")
        #expect(try await device.get("/device", tag: "main").status == 200)
        let refused = try await device.get("/repo/targets.json")
        let problem = try await Self.served(server, "ex-one")["problem"] as? [String: Any]
        #expect(problem?["slug"] as? String == refused.json["slug"] as? String && problem?["slug"] as? String == "no-update-assigned")
        #expect(problem?["status"] as? Int == refused.status)

        _ = try await server.rollout("42", to: ["ex-one"])
        let answer = try await device.get("/repo/targets.json")
        #expect(answer.status == 200)
        let targets = try await Self.served(server, "ex-one")["targets"] as? [String: Any]
        let signed = answer.json["signed"] as? [String: Any]
        #expect(targets?["version"] as? Int == signed?["version"] as? Int)
        #expect(targets?["expires"] as? String == signed?["expires"] as? String)
        #expect(targets?["names"] as? [String] == (signed?["targets"] as? [String: Any])?.keys.sorted())
        #expect(try await server.otactl("devices", "explain", "ex-one").contains("gets          ci/main/42"))
    }

    @Test("A replay beside the running server agrees with its files, and names the one that somebody changed")
    func replay() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("ex-two")
        #expect(try await device.get("/device", tag: "main").status == 200)
        let id = try await server.rollout("42", to: ["ex-two"])
        #expect(try await device.event("EcuInstallationCompleted", success: true).status == 200)
        await expectEventually { server.file("rollouts/\(id)/rollout.json")?.contains("completed") == true }
        #expect(try await server.otaserve("rollouts", "replay", id).contains("the files agree"))
        let path = "\(server.datadir)/rollouts/\(id)/events"
        let before = try #require(FileManager.default.contents(atPath: path))
        try (before + Data("DEVICE_OFFERED: ex-two -\nhello\n".utf8)).write(to: URL(fileURLWithPath: path))
        let spoiled = try await server.tryOtaserve("rollouts", "replay", id)
        #expect(spoiled.status == 65)
        #expect(spoiled.errors.contains("offered-twice: events, line") && spoiled.errors.contains("line-unreadable"), "\(spoiled.errors)")
        // The server is shared.
        try before.write(to: URL(fileURLWithPath: path))
    }
}
