import Foundation
import Testing

@Suite("Imports that are killed")
struct ImportKillTests {
    /// The changes of one remainder each: four data directories share the time that all of them take.
    @Test(
        "Killed before any change of a file, an import leaves the tree as it was or with the whole update, and nothing in the way",
        arguments: 0..<4)
    func everyChange(remainder: Int) async throws {
        let base = try await TestServer.start(samples: false)
        defer { base.stop() }
        #expect(await base.terminate() == 0)
        try await base.otaserve(
            "updates", "import", "\(Binaries.samples)/ci/main/42", "--channel", "ci", "--tag", "main", "--name", "42")
        let killPoint = try await KillPoint(in: base.datadir)
        let copy = "\(base.datadir)-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        func otaserve(_ arguments: String..., environment: [String: String] = [:]) async throws -> Tool.Outcome {
            try await Tool.run([Binaries.otaserve, "--datadir", copy] + arguments, environment: environment)
        }
        func names(_ path: String) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(copy)/\(path)")) ?? []).sorted()
        }
        var point = remainder - 3
        var wasKilled = true
        var untouched = 0
        while wasKilled {
            point += 4
            try? FileManager.default.removeItem(atPath: copy)
            try await Tool.check(["cp", "-a", base.datadir, copy])
            try killPoint.arm(point)
            let outcome = try await otaserve(
                "updates", "import", "\(Binaries.samples)/ci/main/43", "--channel", "ci", "--tag", "main", "--name", "43",
                environment: killPoint.environment)
            killPoint.disarm()
            wasKilled = outcome.status == SIGKILL
            #expect(wasKilled || outcome.status == 0, "change \(point): \(outcome.errors)")
            let isThere = names("updates/ci/main") == ["42", "43"]
            #expect(isThere || names("updates/ci/main") == ["42"], "change \(point): \(names("updates/ci/main"))")
            if isThere {
                let shown = try await otaserve("updates", "show", "ci/main/43")
                #expect(shown.text.contains(#""verified" : true"#), "change \(point): \(shown.text)")
            } else {
                untouched += 1
                let again = try await otaserve(
                    "updates", "import", "\(Binaries.samples)/ci/main/43", "--channel", "ci", "--tag", "main", "--name", "43")
                #expect(again.status == 0, "change \(point): \(again.errors)")
            }
            let difference = try await Tool.run(["diff", "-r", "\(Binaries.samples)/ci/main/43", "\(copy)/updates/ci/main/43"])
            #expect(difference.status == 0, "change \(point): \(difference.text)")
            let store = try await otaserve("store", "verify")
            #expect(store.status == 0, "change \(point): \(store.errors)")
        }
        #expect(untouched > 10, "the import did not die at its changes")
        print("ImportKillTests.everyChange: killed before every fourth of \(point) changes")
    }

    @Test("What a killed import left is collected by the next start of the server, and the store is whole")
    func collected() async throws {
        let server = try await TestServer.dataDirectoryOnly()
        defer { server.stop() }
        let killPoint = try await KillPoint(in: server.datadir)
        var left = 0
        for point in [3, 20, 40] {
            try killPoint.arm(point)
            let outcome = try await Tool.run(
                [
                    Binaries.otaserve, "--datadir", server.datadir, "updates", "import", "\(Binaries.samples)/ci/main/42", "--channel",
                    "ci", "--tag", "main", "--name", "again",
                ], environment: killPoint.environment)
            killPoint.disarm()
            #expect(outcome.status == SIGKILL)
            left += server.names("updates").count { $0.hasPrefix(".staging-") }
        }
        #expect(left > 0, "no import left anything")
        try await server.launch()
        #expect(server.names("updates") == ["ci", "prod"])
        #expect(server.names("updates/ci/main") == ["42", "43"])
        #expect(server.names("verdicts/ci/main") == ["42", "43"])
        try await server.otaserve("store", "verify")
    }
}
