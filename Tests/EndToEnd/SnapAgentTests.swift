import Foundation
import Testing

@Suite("The agent and the snaps of a device")
struct SnapAgentTests {
    private static let all = ["snapd", "testbase", "hello-offline", "classic-tool"]

    @Test("required snaps are installed from the server's files, without a store, each once")
    func installs() async throws {
        let world = try await SnapWorld(required: Self.all)
        defer { world.stop() }
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.installs == ["snapd": 1, "testbase": 1, "hello-offline": 1, "classic-tool": 1])
        #expect(world.listed == Set(Self.all))
        #expect(world.states == ["accepted", "done"])
        // The files have done their work.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.folder)/state/snaps").isEmpty)
    }

    @Test("a heartbeat names the device, its model and both hashes, which do not depend on snapd's order")
    func heartbeats() async throws {
        let world = try await SnapWorld(required: Self.all)
        defer { world.stop() }
        try await world.runAgent()
        var hashes = Set<String>()
        for _ in 0..<4 {
            try await world.runAgent()
            hashes.insert("\(world.lastHeartbeat["snapListHash"] ?? "") \(world.lastHeartbeat["installedSnapsHash"] ?? "")")
        }
        #expect(hashes.count == 1)
        #expect(world.lastHeartbeat["deviceId"] as? String == "device-1")
        #expect(world.lastHeartbeat["model"] as? String == "gateway-2")
        #expect(world.lastHeartbeat["serial"] as? String == "0001-test")
        #expect(world.lastHeartbeat["brand"] as? String == "acme")
        // Nothing was news: the list was published no more.
        #expect(world.answers.count { $0["action"] as? String == "list" } == 2)
    }

    @Test("an app without its base fails with snapd's words, and the server hears them")
    func prerequisites() async throws {
        let world = try await SnapWorld(required: ["hello-offline"])
        defer { world.stop() }
        let outcome = try await world.runAgent()
        #expect(outcome.status == 1)
        #expect(world.lastFailure?.contains("api.snapcraft.io") == true, "\(world.lastFailure ?? "")")
        #expect(world.present.isEmpty)
        #expect(world.states.prefix(2) == ["accepted", "failed"])
    }

    @Test("snaps that fail together are tried one by one: the good ones are installed")
    func oneByOne() async throws {
        let world = try await SnapWorld(required: ["snapd", "testbase"])
        defer { world.stop() }
        try world.setFaults(#"{"fail":"not this time"}"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.installs == ["snapd": 1, "testbase": 1])
        #expect(world.snapdRequests.count { $0 == "POST /v2/snaps" } == 3)
    }

    @Test("a store that can not be reached is tried again later, and the server hears snapd's words once")
    func store() async throws {
        let world = try await SnapWorld()
        defer { world.stop() }
        try world.require(["htop"], source: "store")
        async let running = world.runAgent()
        await expectEventually(within: 30) { world.states == ["accepted", "failed"] }
        #expect(world.lastFailure == "htop: unable to contact snap store")
        try world.setFaults(#"{"store":["htop"]}"#)
        let outcome = try await running
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.installs == ["htop": 1])
        #expect(world.states.last == "done")
    }

    @Test("a snap that is busy is tried again until it is not")
    func conflicts() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        try world.setFaults(#"{"conflicts":2}"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.installs == ["snapd": 1])
        #expect(world.states == ["accepted", "done"])
    }

    @Test("a change that snapd has forgotten is looked up in the list of snaps")
    func pruned() async throws {
        let world = try await SnapWorld(required: ["snapd", "testbase"])
        defer { world.stop() }
        try world.setFaults(#"{"prune":true,"slow":2}"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.installs == ["snapd": 1, "testbase": 1])
    }

    @Test("a required snap that somebody removed comes back")
    func comesBack() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        #expect(try await world.runAgent().status == 0)
        try world.write("orders.json", #"[{"id":"o-1","action":"remove","snap":"snapd"}]"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.answer(to: "o-1")?["success"] as? Bool == true)
        #expect(world.present == ["snapd"])
        #expect(world.installs == ["snapd": 2])
        #expect(world.listed == ["snapd"])
    }

    @Test("a file that is not what the server announced is never given to snapd")
    func changedFile() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        let digest = "DGtJrt4B-G85sy5PC4qNHQG8r1sB7CaTI-zZ9DM_25bzIaghofvu1n-iqkPmZO_H"
        try FileManager.default.createDirectory(atPath: "\(world.folder)/state/snaps", withIntermediateDirectories: true)
        // The end of a download, of as many bytes: only the digest tells.
        try world.write("state/snaps/\(digest).snap.part", String(repeating: "x", count: 4096))
        try world.write(
            "state/state.json",
            #"{"version":1,"answers":[],"finished":[],"lists":[],"orders":[],"required":{"id":"required-1","attempt":0,"notBefore":0,"#
                + #""fetched":[],"acknowledged":[],"isTogether":true,"problems":[],"phase":{"looking":{}},"snaps":[{"name":"snapd","#
                + #""classic":false,"source":"update","revision":"1","size":4096,"sha3-384":"\#(digest)"}]}}"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("has another SHA3-384"))
        #expect(world.answers.contains { ($0["message"] as? String)?.contains("SHA3-384") == true })
        // The next attempt fetched it anew.
        #expect(world.installs == ["snapd": 1])
    }

    @Test("a download that breaks off goes on where it ended")
    func resumes() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        try world.write("half", "")
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.told["ranges"] as? [String] == ["bytes=2048-"])
        #expect(world.installs == ["snapd": 1])
    }

    @Test("what was done while the server was out of reach is told when it is back, and an answer that got lost is sent again")
    func serverAway() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        try world.write("lossy", "")
        let lost = try await world.runAgent()
        #expect(lost.status == 1, "the heartbeat's answer was lost")
        #expect(try await world.runAgent().status == 0)
        try world.write("deaf", "")
        let deaf = try await world.runAgent()
        #expect(deaf.status == 1)
        #expect(deaf.errors.contains("503"))
        try world.remove("deaf")
        #expect(try await world.runAgent().status == 0)
        #expect(world.listed == ["snapd"])
        #expect(world.installs == ["snapd": 1])
    }

    @Test("without snapd the server still hears that the device is there")
    func snapdAway() async throws {
        let world = try await SnapWorld()
        defer { world.stop() }
        await world.killSnapd()
        let outcome = try await Tool.run(["timeout", "-s", "KILL", "10"] + world.command)
        #expect(outcome.errors.contains("snapd-unreachable"))
        #expect(world.lastHeartbeat["deviceId"] as? String == "device-1")
        #expect(world.lastHeartbeat["snapListHash"] == nil)
    }

    @Test(
        "ordinary orders are done once, with snapd's words",
        arguments: [
            (#""action":"info","snap":"snapd""#, true, "", ""), (#""action":"info","snap":"nothing""#, false, "snap not installed", ""),
            (#""action":"disable","snap":"snapd""#, true, "Disable \"snapd\" snap", "disable"),
            (#""action":"install","snap":"snapd""#, true, "snap \"snapd\" is already installed", ""),
            (#""action":"remove","snap":"nothing""#, true, "snap \"nothing\" is not installed", ""),
            (#""action":"switch","snap":"snapd","data":"edge""#, true, "Switch \"snapd\" snap", "edge"),
            (#""action":"setconf","snap":"snapd","data":"{\"a\":1}""#, true, "Change configuration of \"snapd\" snap", ""),
            (#""action":"setconf","snap":"snapd","data":"a=1""#, false, "its data is no JSON object", ""),
            (#""action":"restart","snap":"snapd""#, true, "Running service command", ""), (#""action":"server""#, true, "", ""),
            (#""action":"device""#, true, "", ""), (#""action":"snapshot""#, true, "Save data", ""),
            (#""action":"dance""#, false, "this agent does not know dance", ""),
            (#""action":"refresh","snap":"nothing""#, false, "snap \"nothing\" is not installed", ""),
            (#""action":"conf","snap":"../x""#, false, "conf needs the name of a snap", ""),
        ])
    func orders(order: String, succeeds: Bool, message: String, change: String) async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        #expect(try await world.runAgent().status == 0)
        try world.write("orders.json", #"[{"id":"o-1",\#(order)}]"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        let answer = world.answer(to: "o-1")
        #expect(answer?["success"] as? Bool == succeeds)
        #expect(answer?["message"] as? String == message)
        #expect(world.answers.count { $0["id"] as? String == "o-1" } == 1)
    }

    @Test("an answer of snapd's that is too long ends the order, and not the agent's patience")
    func hugeAnswer() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        #expect(try await world.runAgent().status == 0)
        try world.setFaults(#"{"huge":true}"#)
        try world.write("orders.json", #"[{"id":"o-1","action":"info","snap":"snapd"}]"#)
        let outcome = try await world.runAgent()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(world.answer(to: "o-1")?["success"] as? Bool == false)
        #expect((world.answer(to: "o-1")?["message"] as? String)?.contains("more than 16777216 bytes") == true)
    }

    @Test("a round that SIGTERM ends before its work is done exits 1")
    func stoppedRound() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        try world.setFaults(#"{"slow":1000000}"#)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: world.command[0])
        process.arguments = Array(world.command.dropFirst()) + ["--once"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        await expectEventually(within: 30) { world.snapdRequests.contains("GET /v2/changes/1") }
        process.terminate()
        #expect(await Tool.end(of: process) == 1)
    }

    @Test("SIGTERM ends the agent within 5 s, and a second one on the same state refuses to start")
    func processes() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: world.command[0])
        process.arguments = Array(world.command.dropFirst()) + ["--heartbeat", "1"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        await expectEventually { world.states == ["accepted", "done"] }
        let second = try await world.runAgent()
        #expect(second.status == 1)
        #expect(second.errors.contains("another ota-agent uses"))
        let start = Date()
        process.terminate()
        #expect(await Tool.end(of: process) == 0)
        #expect(Date().timeIntervalSince(start) < 5)
    }

    @Test("a state that is damaged is moved aside, and the server's requests bring everything back")
    func damagedState() async throws {
        let world = try await SnapWorld(required: ["snapd"])
        defer { world.stop() }
        try FileManager.default.createDirectory(atPath: "\(world.folder)/state", withIntermediateDirectories: true)
        try world.write("state/state.json", #"{"version":1,"answ"#)
        #expect(try await world.runAgent().status == 0)
        #expect(world.installs == ["snapd": 1])
        #expect(FileManager.default.fileExists(atPath: "\(world.folder)/state/state.json.damaged"))
    }
}
