import Foundation
import Testing

@Suite("Snaps in the tree")
struct SnapPoolTests {
    private static let samples = "\(Binaries.samples)/../snaps"

    private struct Index: Decodable {
        struct Snap: Decodable {
            let name: String
            let revision: String
            let digest: String

            enum CodingKeys: String, CodingKey {
                case name, revision
                case digest = "sha3-384"
            }
        }

        let snaps: [Snap]
    }

    private func digest(_ name: String) throws -> String {
        let index = try JSONDecoder().decode(Index.self, from: Data(contentsOf: URL(fileURLWithPath: "\(Self.samples)/index.json")))
        return try #require(index.snaps.first { "\($0.name)_\($0.revision)" == name }?.digest)
    }

    @Test("A snap that is added beside a running server is there for the devices of that tag, and gone when it is removed")
    func pool() async throws {
        let server = try await TestServer.start(samples: false, serve: "verified")
        defer { server.stop() }
        let device = try await server.device("one")
        let other = try await server.device("other")
        let prod = try await server.device("prod", production: true)
        func add(_ name: String, _ options: String...) async throws -> Tool.Outcome {
            try await Tool.run(
                [
                    Binaries.otaserve, "--datadir", server.datadir, "snaps", "add", "--channel", "ci", "--tag", "main",
                    "\(Self.samples)/\(name).snap",
                ] + options)
        }
        let refused = try await add("hello-offline_1")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("snap-needed") && refused.errors.contains("testbase"))
        for name in ["snapd_1", "testbase_1", "hello-offline_1"] { #expect(try await add(name).status == 0) }

        let path = "/snaps/\(try digest("hello-offline_1"))"
        let answer = try await device.get("\(path).snap", tag: "main")
        #expect(answer.status == 200)
        #expect(answer.body == FileManager.default.contents(atPath: "\(Self.samples)/hello-offline_1.snap"))
        let assertions = try await device.get("\(path).assert")
        #expect(assertions.body == FileManager.default.contents(atPath: "\(Self.samples)/hello-offline_1.assert"))
        #expect(try await device.get("\(path).snap", ["-r", "100-199"]).body == answer.body.dropFirst(100).prefix(100))
        #expect(try await other.get("\(path).snap", tag: "devel").status == 404)
        #expect(try await prod.get("\(path).snap", tag: "main").status == 404)

        let list = try await server.otaserve("snaps", "list")
        #expect(list.contains("hello-offline") && list.contains("accepted"))
        #expect(try await server.otaserve("updates", "list").contains("no updates"))
        try await server.otaserve("snaps", "verify", "--channel", "ci", "--tag", "main")
        try await server.otaserve("snaps", "remove", "--channel", "ci", "--tag", "main", "hello-offline")
        #expect(try await device.get("\(path).snap").status == 404)
        #expect(try await server.otaserve("audit", "show").contains("snap-remove"))
    }

    @Test("Killed before any change of a file, adding a snap leaves the pool as it was or with the whole snap")
    func killed() async throws {
        // Without updates: the directory is copied for every round.
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        #expect(await server.terminate() == 0)
        func add(_ name: String) -> [String] {
            ["snaps", "add", "--channel", "ci", "--tag", "main", "\(Self.samples)/\(name).snap"]
        }
        for name in ["snapd_1", "testbase_1"] {
            try await Tool.check([Binaries.otaserve, "--datadir", server.datadir] + add(name))
        }
        let killPoint = try await KillPoint(in: server.datadir)
        let copy = "\(server.datadir)-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        var counts: [Int] = []
        for point in 1... {
            try? FileManager.default.removeItem(atPath: copy)
            try await Tool.check(["cp", "-a", server.datadir, copy])
            func otaserve(_ arguments: [String], environment: [String: String] = [:]) async throws -> Tool.Outcome {
                try await Tool.run([Binaries.otaserve, "--datadir", copy] + arguments, environment: environment)
            }
            try killPoint.arm(point)
            let outcome = try await otaserve(add("hello-offline_1"), environment: killPoint.environment)
            killPoint.disarm()
            let check = try await otaserve(["snaps", "verify", "--channel", "ci", "--tag", "main"])
            #expect(check.status == 0, "change \(point): \(check.errors)")
            counts.append(try await index(of: copy).snaps.count)
            let again = try await otaserve(add("hello-offline_1"))
            #expect(again.status == 0, "change \(point): \(again.errors)")
            #expect(try await index(of: copy).snaps.count == 3)
            guard outcome.status == SIGKILL else {
                #expect(outcome.status == 0)
                break
            }
        }
        #expect(counts.count > 10, "the command did not die at its changes")
        #expect(counts == counts.sorted() && counts.first == 2 && counts.last == 3)
    }

    private func index(of datadir: String) async throws -> Index {
        try JSONDecoder().decode(
            Index.self, from: Data(contentsOf: URL(fileURLWithPath: "\(datadir)/updates/ci/main/_snaps/index.json")))
    }

    @Test("An update's own snaps reach the devices it is assigned to, and those alone")
    func update() async throws {
        let server = try await TestServer.start(samples: false, serve: "verified")
        defer { server.stop() }
        let source = "\(server.datadir)/source"
        try FileManager.default.copyItem(atPath: "\(Binaries.samples)/ci/main/43", toPath: source)
        try FileManager.default.copyItem(atPath: Self.samples, toPath: "\(source)/snaps")
        try await server.otaserve("updates", "import", source, "--channel", "ci", "--tag", "main", "--name", "43")
        let device = try await server.assignedDevice("one", update: "43")
        let other = try await server.device("other")
        let path = "/snaps/\(try digest("classic-tool_1")).snap"
        #expect(try await device.get(path).body == FileManager.default.contents(atPath: "\(Self.samples)/classic-tool_1.snap"))
        #expect(try await other.get(path, tag: "main").status == 404)
    }
}
