import Foundation
import Testing

@Suite("Rollouts")
struct RolloutTests {
    private static func create(_ server: TestServer, _ update: String = "42") async throws -> String {
        let answer = try await server.api("POST", "/v1/rollouts", body: #"{"isProd":false,"tag":"main","updateName":"\#(update)"}"#)
        #expect(answer.status == 201)
        return try #require(answer.json["id"] as? String)
    }

    private static func add(_ server: TestServer, _ id: String, _ devices: [String]) async throws -> Answer {
        let list = devices.map { "\"\($0)\"" }.joined(separator: ",")
        return try await server.api("PUT", "/v1/rollouts/\(id)/devices", body: #"{"devices":[\#(list)]}"#)
    }

    private static func skipped(_ answer: Answer) -> [String: String] {
        let skipped = answer.json["skipped"] as? [[String: String]] ?? []
        return Dictionary(skipped.map { ($0["uuid"] ?? "", $0["reason"] ?? "") }) { first, _ in first }
    }

    @Test("A rollout is rollout.json, devices.json, events and decisions, with a link below active while it runs")
    func files() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("ro-files")
        #expect(try await device.get("/device", tag: "main").status == 200)
        let id = try await Self.create(server)
        #expect(server.names("rollouts/\(id)") == ["devices.json", "events", "rollout.json"])
        let created = try #require(server.document("rollouts/\(id)/rollout.json") as? [String: Any])
        #expect(created["isProd"] as? Bool == false)
        #expect(created["tag"] as? String == "main")
        #expect(created["update-name"] as? String == "42")
        #expect((created["created-at"] as? String).flatMap { try? Date($0, strategy: .iso8601) } != nil)
        #expect(server.document("rollouts/\(id)/devices.json") as? [String] == [])
        #expect(server.file("rollouts/\(id)/events") == "")
        #expect(!server.names("rollouts/active").contains(id))

        #expect(try await Self.add(server, id, ["ro-files"]).status == 200)
        #expect(server.document("rollouts/\(id)/devices.json") as? [String] == ["ro-files"])
        #expect(try await server.stages(of: id) == ["ro-files": "planned"])
        let started = try await server.api("PUT", "/v1/rollouts/\(id)/start")
        #expect(started.status == 200)
        #expect(started.json["assigned"] as? Int == 1)
        let link = "\(server.datadir)/rollouts/active/\(id)"
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../\(id)")
        #expect(try await device.get("/device").json["update_name"] as? String == "42")
        if TestServer.hasSQLite {
            #expect(try await server.rows("SELECT update_name FROM devices WHERE uuid = 'ro-files'") == ["42"])
        }
        let begun = server.lines("rollouts/\(id)/events")
        #expect(begun.first?.hasPrefix("AT: 20") == true)
        #expect(begun.filter { !$0.hasPrefix("AT: ") }.prefix(3) == ["STARTED: 1", "PHASE: 1", "DEVICE_OFFERED: ro-files -"])
        await expectEventually { server.news(of: id) == ["DEVICE_SEEN: ro-files"] }
        #expect(try await device.event("EcuDownloadStarted").status == 200)
        #expect(try await device.event("EcuDownloadCompleted", success: true).status == 200)
        #expect(
            server.news(of: id) == [
                "DEVICE_SEEN: ro-files", "DEVICE_STATUS: ro-files DownloadStarted", "DEVICE_STATUS: ro-files DownloadComplete - true",
            ])
        #expect(server.names("rollouts/\(id)") == ["decisions", "devices.json", "events", "rollout.json"])
        #expect(server.lines("rollouts/\(id)/decisions").count == 3)
    }

    @Test("Devices that cannot take the update are reported with the reason, and not assigned")
    func skippedDevices() async throws {
        let server = try await SharedServer.get()
        let names = ["ro-skip-good", "ro-skip-tag", "ro-skip-none", "ro-skip-denied", "ro-skip-prod", "ro-skip-gone"]
        try await server.preregister([names[0], names[3], names[5]])
        try await server.preregister([names[1]], tag: "devel")
        try await server.preregister([names[2]], tag: nil)
        try await server.preregister([names[4]], isProd: true)
        #expect(try await server.api("PUT", "/v1/devices/\(names[3])/deny").status == 200)
        #expect(try await server.api("DELETE", "/v1/devices/\(names[5])").status == 204)
        let id = try await Self.create(server)
        #expect(try await Self.add(server, id, names + ["ro-skip-nobody"]).status == 200)
        let started = try await server.api("PUT", "/v1/rollouts/\(id)/start")
        let reasons = [
            names[1]: "tag-differs", names[2]: "tag-differs", names[3]: "device-denied", names[4]: "channel-differs",
            names[5]: "device-unknown", "ro-skip-nobody": "device-unknown",
        ]
        #expect(Self.skipped(started) == reasons)
        #expect(started.json["assigned"] as? Int == 1)
        #expect(Self.skipped(try await server.api("GET", "/v1/rollouts/\(id)")) == reasons)
        #expect(try await server.stages(of: id) == [names[0]: "offered"])
        let assigned = try await server.assignments()
        #expect(names.filter { assigned[$0] ?? "" != "" } == [names[0]])
        // The denied one got nothing behind its denial either.
        #expect(try await server.api("PUT", "/v1/devices/\(names[3])/undeny").json["updateName"] is NSNull)
    }

    @Test("Starting twice changes nothing; devices that are added to a running rollout are offered the update at once")
    func addLater() async throws {
        let server = try await SharedServer.get()
        try await server.preregister(["ro-late-1", "ro-late-2"])
        try await server.preregister(["ro-late-3"], tag: "devel")
        let id = try await server.rollout("42", to: ["ro-late-1"])
        let before = server.file("rollouts/\(id)/rollout.json")
        #expect(try await server.api("PUT", "/v1/rollouts/\(id)/start").status == 200)
        #expect(server.file("rollouts/\(id)/rollout.json") == before)
        let added = try await Self.add(server, id, ["ro-late-2", "ro-late-1", "ro-late-3", "ro-late-2"])
        #expect(added.status == 200)
        #expect(added.json["skippedCount"] as? Int == 1)
        #expect(server.document("rollouts/\(id)/devices.json") as? [String] == ["ro-late-1", "ro-late-2", "ro-late-3"])
        #expect(try await server.stages(of: id) == ["ro-late-1": "offered", "ro-late-2": "offered"])
        #expect(try await server.assignments()["ro-late-2"] == "42")
        // Again: nothing new.
        let again = try await Self.add(server, id, ["ro-late-2", "ro-late-3"])
        #expect(again.json["skippedCount"] as? Int == 1)
        #expect((server.document("rollouts/\(id)/devices.json") as? [String])?.count == 3)
    }

    @Test("A later rollout takes devices over when it is told to; the one that lost its last device is completed")
    func takeOver() async throws {
        let server = try await SharedServer.get()
        try await server.preregister(["ro-over-1", "ro-over-2"])
        let first = try await server.rollout("42", to: ["ro-over-1", "ro-over-2"])
        let second = try await server.rollout("43", to: ["ro-over-1"])
        #expect(try await server.stages(of: first) == ["ro-over-1": "superseded", "ro-over-2": "offered"])
        #expect(server.names("rollouts/active").contains(first))
        let refused = try await Self.add(server, second, ["ro-over-2"])
        #expect(refused.status == 409)
        #expect(refused.slug == "rollout-conflict")
        #expect(refused.text.contains("ro-over-2 in \(first)"))
        let list = #"{"devices":["ro-over-2"]}"#
        #expect(try await server.api("PUT", "/v1/rollouts/\(second)/devices?takeOver=true", body: list).status == 200)
        let assigned = try await server.assignments()
        #expect([assigned["ro-over-1"], assigned["ro-over-2"]] == ["43", "43"])
        #expect(try await server.api("GET", "/v1/rollouts/\(first)").json["state"] as? String == "completed")
        #expect(!server.names("rollouts/active").contains(first))
        #expect(server.names("rollouts/active").contains(second))
    }

    @Test("The progress of each device follows its events, to the end and back")
    func progress() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("ro-progress")
        #expect(try await device.get("/device", tag: "main").status == 200)
        try await server.preregister(["ro-progress-2"])
        let id = try await server.rollout("42", to: ["ro-progress", "ro-progress-2"])
        #expect(try await server.stages(of: id)["ro-progress"] == "offered")
        #expect(try await device.get("/device").status == 200)
        await expectEventually { server.news(of: id) == ["DEVICE_SEEN: ro-progress"] }
        for (event, success, stage) in [
            ("EcuDownloadStarted", nil, "downloading"), ("EcuDownloadCompleted", false, "failed"),
            ("EcuDownloadStarted", nil, "downloading"), ("EcuInstallationStarted", nil, "installing"),
            ("EcuInstallationCompleted", true, "succeeded"), ("MetadataUpdateCompleted", true, "succeeded"),
        ] as [(String, Bool?, String)] {
            #expect(try await device.event(event, success: success).status == 200)
            #expect(try await server.stages(of: id) == ["ro-progress": stage, "ro-progress-2": "offered"], "after \(event)")
        }
        let shown = try await server.api("GET", "/v1/rollouts/\(id)").json
        let counts = shown["counts"] as? [String: Int] ?? [:]
        #expect(counts.filter { $0.value > 0 } == ["succeeded": 1, "offered": 1])
        #expect(shown["state"] as? String == "running")
        let own = try await server.api("GET", "/v1/devices/ro-progress").json["rollout"] as? [String: Any]
        #expect(own?["id"] as? String == id)
        #expect(own?["status"] as? String == "MetadataUpdateComplete - true")
    }

    @Test("An update that is not there, a rollout that is not there and a list that is none are refused")
    func refused() async throws {
        let server = try await SharedServer.get()
        let unknown = try await server.api("POST", "/v1/rollouts", body: #"{"isProd":false,"tag":"main","updateName":"99"}"#)
        #expect(unknown.status == 404)
        #expect(unknown.slug == "update-unknown")
        // 40 is a production update: the channel is part of the name.
        #expect(try await server.api("POST", "/v1/rollouts", body: #"{"isProd":false,"tag":"prod","updateName":"40"}"#).status == 404)
        for body in [
            "", "{}", "[]", #"{"isProd":"no","tag":"main","updateName":"42"}"#, #"{"isProd":false,"tag":"../..","updateName":"42"}"#,
        ] {
            #expect(try await server.api("POST", "/v1/rollouts", body: body).status == 400, "\(body)")
        }
        for id in ["1-0", "active", "..%2fdevices", "%2e%2e", "-x"] {
            let answer = try await server.api("PUT", "/v1/rollouts/\(id)/start")
            #expect(answer.status == 404, "\(id)")
            #expect(answer.slug == "rollout-unknown", "\(id)")
        }
        let id = try await Self.create(server)
        for body in [#"{"devices":"x"}"#, #"{"devices":["ok","../x"]}"#, #"{"devices":[1]}"#, "{}"] {
            #expect(try await server.api("PUT", "/v1/rollouts/\(id)/devices", body: body).status == 400, "\(body)")
        }
        #expect(server.document("rollouts/\(id)/devices.json") as? [String] == [])
    }
}
