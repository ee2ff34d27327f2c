import Foundation
import Testing

@Suite("Killed at any moment")
struct RecoveryTests {
    /// A rollout that is made, filled, started and filled again, and one that takes its devices over.
    private static func operations(on devices: [String], _ others: [String] = []) -> [(RolloutModel) -> RolloutModel.Operation] {
        let first = Array(devices.prefix(devices.count * 3 / 4))
        let rest = Array(devices.dropFirst(first.count))
        return [
            { _ in .create(update: "42") }, { .add(rollout: $0.newest, devices: first + others) }, { .start(rollout: $0.newest) },
            { .add(rollout: $0.newest, devices: rest) },
            { _ in .create(update: "43") }, { .add(rollout: $0.newest, devices: first) }, { .start(rollout: $0.newest) },
            { .add(rollout: $0.newest, devices: rest) },
        ]
    }

    /// The writes of one parity each: two servers share the time that all of them take.
    @Test(
        "Killed before any write of making, filling, starting and taking over, rollouts are as they were or as they should be",
        arguments: [1, 2])
    func everyWrite(first: Int) async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        try await server.preregister(["other-tag"], tag: "devel")
        #expect(await server.terminate() == 0)
        let killPoint = try await KillPoint(in: server.datadir)
        try await server.launch(environment: killPoint.environment)
        var model = RolloutModel(matching: [])
        var point = first - 2
        var wasKilled = true
        while wasKilled {
            point += 2
            let devices = (1...4).map { "d\(point)-\($0)" }
            try await server.preregister(devices)
            model.know(devices)
            try killPoint.arm(point)
            var pending: RolloutModel.Operation?
            for operation in Self.operations(on: devices, ["other-tag", "nobody"]) where pending == nil {
                let operation = operation(model)
                if try await !model.perform(operation, on: server) { pending = operation }
            }
            wasKilled = pending != nil
            killPoint.disarm()
            await server.kill()
            try await server.launch(environment: killPoint.environment)
            try await model.expect(server, pending: pending, "write \(point), \(pending.map { "\($0)" } ?? "none")")
        }
        print("RecoveryTests.everyWrite: killed before every second of \(point) writes")
        #expect(point > 60, "the server did not die at its writes")
    }

    @Test("Killed at random moments over 2,000 devices, a rollout is never half, and nothing that was answered is lost")
    func randomMoments() async throws {
        var random = SeededRandom(for: "RecoveryTests.randomMoments")
        let server = try await TestServer.start()
        defer { server.stop() }
        let devices = (1...2000).map { "device-\($0)" }
        try await server.preregister(devices)
        var model = RolloutModel(matching: devices)
        for round in 1...16 {
            let delay = Duration.milliseconds(Int.random(in: 0...700, using: &random))
            let killer = Task {
                try await Task.sleep(for: delay)
                await server.kill()
            }
            var pending: RolloutModel.Operation?
            while pending == nil {
                for operation in Self.operations(on: devices) where pending == nil {
                    let operation = operation(model)
                    if try await !model.perform(operation, on: server) { pending = operation }
                }
            }
            try await killer.value
            try await server.launch()
            try await model.expect(server, pending: pending, "round \(round), killed after \(delay)")
        }
    }

    @Test("Killed before any write of storing an event, its device's file and its rollout's have it or neither; sent again, both once")
    func everyWriteOfEvents() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.device("re-event")
        #expect(try await device.get("/device", tag: "main").status == 200)
        try await server.preregister(["re-idle"])
        let id = try await server.rollout("42", to: ["re-event", "re-idle"])
        #expect(try await device.get("/device").status == 200)
        await expectEventually { server.news(of: id).count == 1 }
        #expect(await server.terminate() == 0)
        let killPoint = try await KillPoint(in: server.datadir)
        try await server.launch(environment: killPoint.environment)
        func stored() -> [String] {
            server.names("devices/re-event").filter { $0.hasPrefix("events-") }.flatMap { server.lines("devices/re-event/\($0)") }
        }
        func reported() -> [String] { server.lines("rollouts/\(id)/events").filter { $0.hasPrefix("DEVICE_STATUS: ") } }
        var point = 0
        var wasKilled = true
        while wasKilled, point < 40 {
            point += 1
            let before = stored().count
            try killPoint.arm(point)
            wasKilled = try await device.event("Step\(point)", id: "e\(point)", correlation: "c\(point % 25)").status != 200
            killPoint.disarm()
            await server.kill()
            try await server.launch(environment: killPoint.environment)
            #expect(stored().count == reported().count, "write \(point)")
            #expect(wasKilled ? [before, before + 1].contains(stored().count) : stored().count == before + 1, "write \(point)")
            #expect(try await device.event("Step\(point)", id: "e\(point)", correlation: "c\(point % 25)").status == 200)
            #expect(stored().count == before + 1, "write \(point)")
            #expect(reported() == (1...point).map { "DEVICE_STATUS: re-event Step\($0)" }, "write \(point)")
        }
        #expect((3..<40).contains(point), "the server did not die at its writes: \(point)")
    }

    @Test("A device belongs to the rollout that assigned it last, also after a kill and when all of them give the same update")
    func lastAssignment() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let stay = (1...6).map { "stays-\($0)" }
        try await server.preregister(stay + ["moves"])
        var rollouts: [String] = []
        for device in stay { rollouts.append(try await server.rollout("42", to: [device, "moves"])) }
        func stages() async throws -> [String?] {
            var stages: [String?] = []
            for id in rollouts { stages.append(try await server.stages(of: id)["moves"]) }
            return stages
        }
        let expected = Array(repeating: "superseded", count: 5) + ["offered"]
        #expect(try await stages() == expected)
        await server.kill()
        try await server.launch()
        #expect(try await stages() == expected)
    }

    @Test("What an operator removes or changes while the server is stopped stays so")
    func repair() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("re-repair")
        #expect(try await device.event("EcuDownloadStarted", correlation: "gone").status == 200)
        #expect(try await device.event("EcuDownloadStarted", correlation: "kept").status == 200)
        #expect(try await device.send("PUT", "/system_info", body: #"{"by":"device"}"#).status == 200)
        #expect(await server.terminate() == 0)
        let folder = "\(server.datadir)/devices/re-repair"
        try FileManager.default.removeItem(atPath: "\(folder)/events-gone")
        try #"{"by":"operator"}"#.write(toFile: "\(folder)/hardware-info", atomically: true, encoding: .utf8)
        try await server.launch()
        #expect(server.names("devices/re-repair") == ["events-kept", "hardware-info"])
        #expect(server.file("devices/re-repair/hardware-info") == #"{"by":"operator"}"#)
    }

    /// What operators see of everything.
    private static func overview(_ server: TestServer, _ rollouts: [String]) async throws -> [String: String] {
        var overview: [String: String] = [:]
        for path in ["devices", "devices/re-one", "updates", "rollouts", "tokens"] + rollouts.map({ "rollouts/\($0)" }) {
            let answer = try await server.api("GET", "/v1/\(path)")
            #expect(answer.status == 200, "\(path)")
            overview[path] = answer.text
        }
        return overview
    }

    @Test(
        "SIGTERM ends the server with 0 and without a complaint; what it knew is there again, the last check-in too, and after a kill as well"
    )
    func restart() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.device("re-one")
        #expect(try await device.get("/device", tag: "main").status == 200)
        try await server.preregister(["re-two", "re-three", "re-denied"])
        #expect(try await server.api("PUT", "/v1/devices/re-denied/deny").status == 200)
        let done = try await server.rollout("42", to: ["re-three"])
        let running = try await server.rollout("43", to: ["re-one", "re-two", "re-three", "re-denied"])
        #expect(try await device.send("PUT", "/system_info/network", body: #"{"hostname":"h"}"#).status == 200)
        #expect(try await device.event("EcuDownloadStarted", update: "43").status == 200)
        await expectEventually { server.news(of: running).count == 2 }
        // In memory alone when the signal comes.
        #expect(try await device.get("/device", ["-H", "x-ats-target: lmp-42", "-H", "x-ats-dockerapps: a,b"]).status == 200)
        let before = try await Self.overview(server, [done, running])
        #expect(before["devices/re-one"]?.contains(#""targetName":"lmp-42""#) == true)
        #expect(await server.terminate() == 0)
        #expect(!server.names("").contains("otaserve.sock"))
        let log = server.logText
        for word in ["error", "fatal", "crash", "Error"] { #expect(!log.contains(word), "\(log)") }
        #expect(server.complaints == [])
        #expect(log.contains("stopped"))

        try await server.launch()
        #expect(try await Self.overview(server, [done, running]) == before)
        await server.kill()
        try await server.launch()
        #expect(try await Self.overview(server, [done, running]) == before)
        // The rollout goes on where it was.
        #expect(try await device.event("EcuInstallationCompleted", success: true, update: "43").status == 200)
        #expect(server.news(of: running).last == "DEVICE_STATUS: re-one InstallComplete - true")
    }
}
