import Foundation
import Testing

@Suite("The commands for updates")
struct UpdateCommandTests {
    /// A copy of a sample update that may be changed.
    private static func copy(_ name: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("update-\(UUID().uuidString)").path
        try FileManager.default.copyItem(atPath: "\(Binaries.samples)/ci/main/\(name)", toPath: path)
        return path
    }

    private static func names(_ server: TestServer) async throws -> [String] {
        let text = try await server.otaserve("updates", "list", "-o", "json")
        let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
        return list.map { "\($0["channel"] ?? "")/\($0["tag"] ?? "")/\($0["name"] ?? "")" }.sorted()
    }

    @Test("An update is listed, shown and deleted; not while a device is assigned to it, with a server and without")
    func lifecycle() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let all = ["ci/main/42", "ci/main/43", "prod/prod/40"]
        #expect(try await Self.names(server) == all)
        let shown =
            try JSONSerialization.jsonObject(with: Data(try await server.otaserve("updates", "show", "ci/main/42").utf8)) as? [String: Any]
        #expect((shown?["targets"] as? [[String: Any]])?.first?["name"] as? String == "intel-corei7-64-lmp-42")
        #expect(shown?["problem"] == nil || shown?["problem"] is NSNull)
        let table = try await server.otaserve("updates", "list")
        for word in ["CHANNEL", "42", "43", "40"] { #expect(table.contains(word)) }

        try await server.preregister(["cli-update"])
        _ = try await server.rollout("42", to: ["cli-update"])
        for isRunning in [true, false] {
            if !isRunning { #expect(await server.terminate() == 0) }
            let refused = try await server.tryOtaserve("updates", "delete", "ci/main/42")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("update-assigned"))
            #expect(try await server.tryOtaserve("updates", "delete", "ci/main/99").status == 1)
            #expect(try await server.tryOtaserve("updates", "delete", "ci/../42").status == 65)
            #expect(try await Self.names(server) == (isRunning ? all : ["ci/main/42", "prod/prod/40"]))
            let free = isRunning ? "ci/main/43" : "prod/prod/40"
            #expect(try await server.otaserve("updates", "delete", free) == "deleted \(free)\n")
            #expect(!FileManager.default.fileExists(atPath: "\(server.datadir)/updates/\(free)"))
        }
        #expect(try await Self.names(server) == ["ci/main/42"])
        #expect(try await server.tryOtaserve("updates", "show", "ci/main/43").status == 1)
        #expect(server.names("updates") == ["ci", "prod"])
    }

    @Test("A copy that no device could use is refused with 65, and nothing of it is visible")
    func broken() async throws {
        let server = try await SharedServer.get()
        func breaking(_ change: (String) throws -> Void) async throws -> Tool.Outcome {
            let copy = try Self.copy("42")
            defer { try? FileManager.default.removeItem(atPath: copy) }
            try change(copy)
            return try await server.tryOtaserve("updates", "import", copy, "--channel", "ci", "--tag", "main", "--name", "broken")
        }
        let files = FileManager.default
        let object = try #require(Sample.objects().first { $0.hasSuffix(".commit") })
        let changes: [(String, (String) throws -> Void)] = [
            ("targets.json", { try files.removeItem(atPath: "\($0)/tuf/targets.json") }),
            ("targets.json", { try "{}".write(toFile: "\($0)/tuf/targets.json", atomically: true, encoding: .utf8) }),
            (
                "targets.json",
                { try String(repeating: "[", count: 100_000).write(toFile: "\($0)/tuf/targets.json", atomically: true, encoding: .utf8) }
            ),
            ("timestamp.json", { try files.removeItem(atPath: "\($0)/tuf/timestamp.json") }),
            ("ostree_repo/config", { try files.removeItem(atPath: "\($0)/ostree_repo/config") }),
            (".commit", { try files.removeItem(atPath: "\($0)/ostree_repo/\(object)") }),
            ("manifest", { try files.removeItem(atPath: "\($0)/apps/blobs") }),
            ("link", { try files.createSymbolicLink(atPath: "\($0)/tuf/x", withDestinationPath: "/etc/passwd") }),
        ]
        for (word, change) in changes {
            let outcome = try await breaking(change)
            #expect(outcome.status == 65, "\(word): \(outcome.errors)")
            #expect(outcome.errors.contains(word), "\(word): \(outcome.errors)")
        }
        // A good one under a name, a tag or a channel that it is not for.
        let good = "\(Binaries.samples)/ci/main/42"
        for (arguments, status) in [
            (["--channel", "ci", "--tag", "devel", "--name", "x"], 65), (["--channel", "ci", "--tag", "main", "--name", "../x"], 65),
            (["--channel", "beta", "--tag", "main", "--name", "x"], 65), (["--channel", "ci", "--tag", "main", "--name", "42"], 1),
        ] as [([String], Int32)] {
            let outcome = try await Tool.run([Binaries.otaserve, "--datadir", server.datadir, "updates", "import", good] + arguments)
            #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
        }
        #expect(
            try await server.tryOtaserve("updates", "import", "/nowhere", "--channel", "ci", "--tag", "main", "--name", "x").status == 65)
        #expect(server.names("updates") == ["ci", "prod"])
        #expect(server.names("updates/ci/main") == ["42", "43"])
        #expect(server.names("updates/ci") == ["main"])
    }

    @Test("An import that is killed leaves nothing visible, and the next start collects it; one that runs is left alone")
    func killedImport() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let source = try Self.copy("42")
        defer { try? FileManager.default.removeItem(atPath: source) }
        // Comes before everything else, and takes a while.
        try Data().write(to: URL(fileURLWithPath: "\(source)/apps/0-large-file"))
        #expect(truncate("\(source)/apps/0-large-file", 1 << 30) == 0)
        func staging() -> [String] { server.names("updates").filter { $0.hasPrefix(".staging-import") } }
        func started() async throws -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Binaries.otaserve)
            process.arguments = [
                "--datadir", server.datadir, "updates", "import", source, "--channel", "ci", "--tag", "main", "--name", "big",
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            await expectEventually { staging().contains { !server.names("updates/\($0)/content").isEmpty } }
            return process
        }
        let killed = try await started()
        kill(killed.processIdentifier, SIGKILL)
        #expect(await Tool.end(of: killed) == SIGKILL)
        try #require(staging().count == 1, "the import was done before it could be killed")
        #expect(try await Self.names(server) == ["ci/main/42", "ci/main/43", "prod/prod/40"])
        #expect(try await server.api("GET", "/v1/updates/ci/main/big").status == 404)
        await server.kill()
        try await server.launch()
        #expect(server.names("updates") == ["ci", "prod"])

        // A server that starts beside a running import does not take it for a dead one's.
        let running = try await started()
        await server.kill()
        try await server.launch()
        #expect(await Tool.end(of: running) == 0)
        #expect(server.names("updates") == ["ci", "prod"])
        let size =
            try? FileManager.default.attributesOfItem(atPath: "\(server.datadir)/updates/ci/main/big/apps/0-large-file")[.size] as? Int
        #expect(size == 1 << 30)
        #expect(FileManager.default.fileExists(atPath: "\(server.datadir)/updates/ci/main/big/tuf/targets.json"))
    }
}
