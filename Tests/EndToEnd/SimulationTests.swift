import Foundation
import Testing

@Suite("otasim")
struct SimulationTests {
    private static func start(_ server: TestServer, _ options: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(Binaries.folder)/OTASim")
        process.arguments =
            ["--datadir", server.datadir, "--gateway", server.gateway, "--poll", "0.5", "--download-time", "0.1", "--install-time", "0.1"]
            + options
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Every device's events of the update to 43, by type.
    private static func events(_ server: TestServer, _ device: String) -> [String] {
        let folder = "\(server.datadir)/devices/\(device)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("events-43-") }.flatMap { server.lines("devices/\(device)/\($0)") }.compactMap { line in
            let event = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let (type, body) = (event?["eventType"] as? [String: Any], event?["event"] as? [String: Any])
            return (type?["id"] as? String).map { $0 + ((body?["success"] as? Bool).map { " \($0)" } ?? "") }
        }
    }

    @Test("Its devices register, take an update as real ones do, and tell of it in their next check-in")
    func update() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let sim = try Self.start(server, ["--devices", "8", "--credentials-out", "\(server.datadir)/of-sim", "--credentials-of", "1"])
        defer { sim.terminate() }
        let devices = (0..<8).map { "sim-0000\($0)" }
        for device in devices { await expectEventually { server.file("devices/\(device)/network-info")?.contains(device) == true } }
        let id = try await server.rollout("43", to: devices)
        for device in devices {
            await expectEventually {
                Self.events(server, device) == [
                    "EcuDownloadStarted", "EcuDownloadCompleted true", "EcuInstallationStarted", "EcuInstallationApplied",
                    "EcuInstallationCompleted true",
                ]
            }
        }
        #expect(FileManager.default.fileExists(atPath: "\(server.datadir)/of-sim/sim-00000/client.pem"))
        #expect(!FileManager.default.fileExists(atPath: "\(server.datadir)/of-sim/sim-00001"))
        var shown: [String: Any] = [:]
        for _ in 0..<100 where shown["targetName"] as? String != "intel-corei7-64-lmp-43" {
            shown = try await server.api("GET", "/v1/devices/sim-00007").json
        }
        #expect(shown["targetName"] as? String == "intel-corei7-64-lmp-43")
        #expect(try await server.api("GET", "/v1/rollouts/\(id)").json["state"] as? String == "completed")
    }

    @Test("Devices that are to fail say so, with the reason, and do not try again")
    func failures() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let sim = try Self.start(server, ["--devices", "2", "--fail-install", "100"])
        defer { sim.terminate() }
        let devices = ["sim-00000", "sim-00001"]
        for device in devices { await expectEventually { server.file("devices/\(device)/network-info") != nil } }
        _ = try await server.rollout("43", to: devices)
        let expected = ["EcuDownloadStarted", "EcuDownloadCompleted true", "EcuInstallationStarted", "EcuInstallationCompleted false"]
        for device in devices { await expectEventually { Self.events(server, device) == expected } }
    }
}
