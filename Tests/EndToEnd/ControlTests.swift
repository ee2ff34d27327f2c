import Foundation
import Testing

@Suite("otactl")
struct ControlTests {
    private static func document(_ text: String) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    @Test("An operator rolls an update out and follows it to its end with otactl alone")
    func rollout() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("ctl-one")
        #expect(try await device.get("/device", tag: "main").status == 200)
        try await server.otactl("devices", "preregister", "ctl-prod", "--prod", "--tag", "prod")
        #expect(try await server.otactl("updates", "list").contains("ci/main/42"))
        let updates = Self.document(try await server.otactl("updates", "list", "-o", "json"))
        #expect((updates["updates"] as? [Any])?.count ?? 0 >= 3)

        let id = try await server.otactl("rollouts", "create", "--tag", "main", "--update", "42").trimmingCharacters(
            in: .whitespacesAndNewlines)
        #expect(try await server.otactl("rollouts", "add", id, "ctl-one", "ctl-prod").contains("draft"))
        let started = try await server.otactl("rollouts", "start", id)
        #expect(started.contains("assigned 1, skipped 1"))
        #expect(started.contains("channel-differs"))
        async let tail = server.tryOtactl("rollouts", "tail", id, "--from-start", "--until-complete")
        #expect(try await device.event("EcuDownloadCompleted", success: true).status == 200)
        #expect(try await device.event("EcuInstallationCompleted", success: true).status == 200)
        let followed = try await tail
        #expect(followed.status == 0)
        for line in [
            "DEVICE_SEEN: ctl-one", "DEVICE_STATUS: ctl-one DownloadComplete - true", "DEVICE_STATUS: ctl-one InstallComplete - true",
        ] {
            #expect(followed.lines.contains { $0.hasSuffix(line) }, "\(followed.text)")
        }
        #expect(followed.lines.count { RolloutLines.isNews($0) } == 3)
        #expect(followed.lines.last == "COMPLETED: -")

        let shown = Self.document(try await server.otactl("rollouts", "show", id, "-o", "json"))
        #expect(shown["state"] as? String == "completed")
        #expect((shown["counts"] as? [String: Int])?["succeeded"] == 1)
        #expect(try await server.otactl("rollouts", "show", id).contains("succeeded 1"))
        let list = Self.document(try await server.otactl("rollouts", "list", "-o", "json"))
        #expect((list["rollouts"] as? [[String: Any]])?.contains { $0["id"] as? String == id } == true)
        #expect(try await server.otactl("devices", "list").contains("ctl-one"))
        let devices = Self.document(try await server.otactl("devices", "list", "-o", "json"))
        let own = (devices["devices"] as? [[String: Any]])?.first { $0["uuid"] as? String == "ctl-one" }
        #expect(own?["updateName"] as? String == "42")
        #expect(Self.document(try await server.otactl("devices", "show", "ctl-one", "-o", "json"))["uuid"] as? String == "ctl-one")
    }

    @Test("Its exit code tells what went wrong, and standard output stays empty then")
    func exitCodes() async throws {
        let server = try await SharedServer.get()
        let gone = try TakenPort.freeAddress()
        let reading = try await server.otaserve("token", "create", "--scope", "read").trimmingCharacters(in: .whitespacesAndNewlines)
        let wrong =
            [
                (try await server.tryOtactl("devices", "list", server: "http://\(gone)"), 69),
                (try await server.tryOtactl("devices", "list", token: "ota_bad"), 77),
                (try await server.tryOtactl("devices", "list", token: ""), 77),
                (try await server.tryOtactl("devices", "deny", "x", token: reading), 77),
                (try await server.tryOtactl("devices", "show", "ctl-nobody"), 1),
                (try await server.tryOtactl("rollouts", "tail", "1-0"), 1),
                (try await server.tryOtactl("updates", "delete", "ci/main/99"), 1),
                (try await server.tryOtactl("devices", "show", "../x"), 65),
                (try await server.tryOtactl("rollouts", "create", "--tag", "..", "--update", "42"), 65),
                (try await server.tryOtactl("bogus"), 64),
                (try await server.tryOtactl("rollouts", "create", "--tag", "main"), 64),
                (try await server.tryOtactl("devices", "list", server: "here"), 64),
            ] as [(Tool.Outcome, Int32)]
        for (index, (outcome, status)) in wrong.enumerated() {
            #expect(outcome.status == status, "case \(index): \(outcome.errors)")
            #expect(outcome.text == "", "case \(index)")
            #expect(outcome.errors != "", "case \(index)")
        }
    }
}
