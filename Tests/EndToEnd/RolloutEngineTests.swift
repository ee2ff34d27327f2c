import Foundation
import Testing

@Suite("Rollouts in phases")
struct RolloutEngineTests {
    /// A server, and devices that have made contact.
    private static func fleet(_ names: [String], trust: TestServer.Trust = .samples) async throws -> (TestServer, [String: TestDevice]) {
        let server = try await TestServer.start(trust: trust, serve: trust == .own ? "verified" : "any")
        var devices: [String: TestDevice] = [:]
        for name in names {
            let device = try await server.device(name)
            #expect(try await device.get("/device", tag: "main").status == 200)
            devices[name] = device
        }
        return (server, devices)
    }

    private static func document(_ server: TestServer, _ id: String) async throws -> [String: Any] {
        try await server.api("GET", "/v1/rollouts/\(id)").json
    }

    /// The devices of a phase, in order.
    private static func members(_ server: TestServer, _ id: String, phase: Int) async throws -> [String] {
        let devices = try await document(server, id)["devices"] as? [[String: Any]] ?? []
        return devices.filter { $0["phase"] as? Int == phase }.compactMap { $0["uuid"] as? String }
    }

    private static func finish(_ device: TestDevice?, success: Bool = true, update: String = "42") async throws {
        let device = try #require(device)
        #expect(try await device.event("EcuInstallationCompleted", success: success, update: update).status == 200)
    }

    /// Those of the devices that have an update assigned.
    private static func assigned(_ server: TestServer, _ names: some Sequence<String>) async throws -> Set<String> {
        let assignments = try await server.assignments()
        return Set(names.filter { assignments[$0] ?? "" != "" })
    }

    private static func phases(_ server: TestServer, _ id: String) -> [String] {
        server.lines("rollouts/\(id)/events").filter { $0.hasPrefix("PHASE: ") }
    }

    @Test("Each phase waits for the gate of the one before; failures pause it, an operator resumes it, and it comes to its end")
    func threePhases() async throws {
        let names = (1...6).map { "en-\($0)" }
        let (server, devices) = try await Self.fleet(names)
        defer { server.stop() }
        let id = try await server.otactl(
            "rollouts", "create", "--tag", "main", "--update", "42", "--filter", "uuid=en-*", "--phase", "2,gate=100,name=canary",
            "--phase", "2,gate=50,errors=0", "--phase", "rest"
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try await server.otactl("rollouts", "start", id).contains("assigned 2, skipped 0"))
        let members = [
            try await Self.members(server, id, phase: 1), try await Self.members(server, id, phase: 2),
            try await Self.members(server, id, phase: 3),
        ]
        #expect(members.map(\.count) == [2, 2, 2])
        #expect(try await Self.assigned(server, names) == Set(members[0]))

        // Below its gate the first phase keeps the second shut.
        try await Self.finish(devices[members[0][0]])
        #expect(try await server.stages(of: id)[members[0][0]] == "succeeded")
        #expect(Self.phases(server, id) == ["PHASE: 1"])
        try await Self.finish(devices[members[0][1]])
        try await expectEventually { try await Self.assigned(server, names) == Set(members[0] + members[1]) }

        // One failure is more than the second phase allows.
        try await Self.finish(devices[members[1][0]], success: false)
        try await expectEventually { try await server.state(of: id) == "paused" }
        let board = try await server.otactl("rollouts", "show", id)
        for part in ["paused", "rule:phase-error-limit", "canary", "100 %", "InstallComplete", "not yet"] {
            #expect(board.contains(part), "\(part): \(board)")
        }
        #expect((server.document("rollouts/\(id)/rollout.json") as? [String: Any])?["state"] as? String == "paused")
        try await Self.finish(devices[members[1][1]])
        #expect(try await Self.assigned(server, names) == Set(members[0] + members[1]))
        #expect(Self.phases(server, id) == ["PHASE: 1", "PHASE: 2"])

        #expect(try await server.otactl("rollouts", "resume", id).contains("running"))
        try await expectEventually { try await Self.assigned(server, names) == Set(names) }
        for name in members[2] { try await Self.finish(devices[name]) }
        // The one that failed may still try again, and does.
        #expect(try await server.state(of: id) == "running")
        try await Self.finish(devices[members[1][0]])
        let followed = try await server.tryOtactl("rollouts", "tail", id, "--from-start", "--until-complete")
        #expect(followed.status == 0)
        #expect(followed.lines.last == "COMPLETED: -")
        #expect(Self.phases(server, id) == ["PHASE: 1", "PHASE: 2", "PHASE: 3"])
        #expect(try await server.state(of: id) == "completed")
        #expect(!server.names("rollouts/active").contains(id))
        #expect(try await server.otactl("rollouts", "list").contains("3/3"))
        let decisions = try await server.otactl("rollouts", "decisions", id)
        for part in ["PAUSED: rule:phase-error-limit", "resumed it", "GATE: 1 met", "COMPLETED"] {
            #expect(decisions.contains(part), "\(part): \(decisions)")
        }
        #expect(server.complaints == [])
    }

    @Test("Killed in the middle it is as it was, and goes on to the same end")
    func killed() async throws {
        let names = (1...3).map { "ki-\($0)" }
        let (server, devices) = try await Self.fleet(names)
        defer { server.stop() }
        let plan = #"{"phases":[{"size":{"count":1},"gate":100},{"size":{"count":1},"gate":100},{}]}"#
        let file = "\(server.datadir)/plan.json"
        try plan.write(toFile: file, atomically: true, encoding: .utf8)
        let id = try await server.otactl("rollouts", "create", "--tag", "main", "--update", "42", "--plan", file, "--filter", "uuid=ki-*")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try await server.otactl("rollouts", "start", id)
        for phase in 1...3 {
            let member = try #require(try await Self.members(server, id, phase: phase).first)
            try await expectEventually { try await server.stages(of: id)[member] == "offered" }
            var before = try await Self.document(server, id)
            await server.kill()
            try await server.launch()
            var after = try await Self.document(server, id)
            // An estimate is of the moment at which it is made.
            (before["estimatedEnd"], after["estimatedEnd"]) = (nil, nil)
            #expect(NSDictionary(dictionary: before) == NSDictionary(dictionary: after), "phase \(phase)")
            // The answer is the last that the server says: what follows from it is decided at the next start.
            try await Self.finish(devices[member])
            await server.kill()
            try await server.launch()
            #expect(try await server.stages(of: id)[member] == "succeeded")
        }
        try await expectEventually { try await server.state(of: id) == "completed" }
        let lines = server.lines("rollouts/\(id)/events")
        #expect(lines.filter { $0.hasPrefix("PHASE: ") } == ["PHASE: 1", "PHASE: 2", "PHASE: 3"])
        #expect(lines.count { $0.hasPrefix("DEVICE_OFFERED: ") } == 3)
        #expect(lines.count { $0 == "COMPLETED: -" } == 1)
    }

    /// What a device is told now: the version of its targets, and its one image.
    private static func offered(_ device: TestDevice) async throws -> (version: Int, image: String, commit: String) {
        let signed = try await device.get("/repo/targets.json", tag: "main").json["signed"] as? [String: Any] ?? [:]
        let targets = signed["targets"] as? [String: [String: Any]] ?? [:]
        let only = try #require(targets.first, "the device is offered nothing")
        return (signed["version"] as? Int ?? 0, only.key, (only.value["hashes"] as? [String: Any])?["sha256"] as? String ?? "")
    }

    @Test("A reversal gives devices what they had, with metadata that are newer than those they saw; who had nothing has nothing")
    func revert() async throws {
        let (server, devices) = try await Self.fleet(["rv-1", "rv-new"], trust: .own)
        defer { server.stop() }
        let trees = [try await server.importBuilt("42"), try await server.importBuilt("43")]
        let device = try #require(devices["rv-1"])
        _ = try await server.rollout("42", to: ["rv-1"])
        try await Self.finish(device)
        let id = try await server.rollout("43", to: ["rv-1", "rv-new"])
        try await Self.finish(device, update: "43")
        let newest = try await Self.offered(device)
        #expect(newest.commit == trees[1].commit)

        #expect(try await server.otactl("rollouts", "revert", id).contains("reverted"))
        let former = try await Self.offered(device)
        #expect(former.commit == trees[0].commit)
        #expect(former.version > newest.version)
        let assignments = try await server.assignments()
        #expect(assignments["rv-1"] == "42")
        #expect(assignments["rv-new"] == "")
        #expect(try await server.stages(of: id) == ["rv-1": "putBack", "rv-new": "putBack"])
        #expect(server.lines("rollouts/\(id)/events").last == "SETTLED: -")
        #expect(server.lines("rollouts/\(id)/events").contains("DEVICE_PUT_BACK: rv-1 42"))
        await server.kill()
        try await server.launch()
        #expect(try await server.state(of: id) == "reverted")
        #expect(try await Self.offered(device) == former)
    }

    @Test("otactl says what is wrong with a plan before anything is sent, or hands on what the server says")
    func plans() async throws {
        let server = try await SharedServer.get()
        let wrong =
            [
                (["--phase", "gate=90"], 64), (["--phase", "5%,gate=90,gate=91"], 64), (["--phase", "5%,colour=red"], 64),
                (["--error-limit", "many"], 64), (["--window", "noon"], 64), (["--window", "mon-xyz 22:00-05:00"], 64),
                (["--filter", "tag=main", "--group", "lab"], 64), (["--dynamic"], 64), (["--plan", "/nowhere/plan.json"], 65),
                (["--filter", "tag="], 65), (["--deadline", "soon"], 65), (["--window", "22:00-05:00 Oslo"], 65),
                (["--phase", "101%"], 65), (["--cap", "0"], 65),
            ] as [([String], Int32)]
        for (options, status) in wrong {
            let outcome = try await Tool.run(
                [Binaries.otactl, "rollouts", "create", "--tag", "main", "--update", "42"] + options,
                environment: ["OTACTL_SERVER": server.admin, "OTACTL_TOKEN": server.token])
            #expect(outcome.status == status, "\(options): \(outcome.errors)")
            #expect(outcome.text == "")
        }
        let made = try await server.otactl(
            "rollouts", "create", "--tag", "main", "--update", "42", "--group", "lab", "--dynamic", "--error-limit", "5%", "--deadline",
            "24h",
            "--window", "fri-mon 22:00-05:00 Europe/Oslo", "--start-at", "2036-01-31T22:00:00Z", "--priority", "3", "--cap", "10",
            "--approval", "--min-version", "41", "-o", "json")
        let plan = ((try JSONSerialization.jsonObject(with: Data(made.utf8))) as? [String: Any])?["plan"] ?? [:]
        let text = try JSONSerialization.data(withJSONObject: plan, options: [.sortedKeys, .withoutEscapingSlashes])
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"approval":true,"cap":10,"deadline":"1d","errorLimit":{"percent":5},"priority":3,"requires":{"minVersion":41},"startAt":"2036-01-31T22:00:00Z","targets":{"dynamic":true,"group":"lab"},"window":{"days":["sun","mon","fri","sat"],"from":"22:00","to":"05:00","zone":"Europe/Oslo"}}"#
        )
    }
}
