import Foundation
import Testing

@Suite("Metadata are renewed before they end")
struct RefreshTests {
    private static let files = ["targets.json", "snapshot.json", "timestamp.json", "bundle-targets.json"]

    /// A server of its own whose metadata last `days`, with one update of its own and one by another signer.
    private static func server(days: Int, serve: String = "verified") async throws -> TestServer {
        let server = try await TestServer.start(trust: .own, serve: serve)
        #expect(await server.terminate() == 0)
        try Self.setLifetime(days, server)
        try await server.importBuilt("1")
        return server
    }

    private static func setLifetime(_ days: Int, _ server: TestServer) throws {
        let path = "\(server.datadir)/tuf/ci/channel.json"
        var settings = server.document("tuf/ci/channel.json") as? [String: Any] ?? ["format": 1, "retired": [String]()]
        settings["days"] = ["root": 730, "targets": days, "snapshot": days, "timestamp": days]
        try JSONSerialization.data(withJSONObject: settings).write(to: URL(fileURLWithPath: path))
    }

    private static func versions(_ server: TestServer) -> [Int] { files.map { server.metadataVersion($0, of: "1") } }

    private static func expiries(_ server: TestServer) -> [String] {
        files.map { server.metadata($0, of: "1")["expires"] as? String ?? "" }
    }

    @Test("A server renews its own metadata when they have less than a month to go, and devices get the new ones")
    func byServer() async throws {
        let server = try await Self.server(days: 20)
        defer { server.stop() }
        let old = (versions: Self.versions(server), expiries: Self.expiries(server))
        try Self.setLifetime(90, server)
        try await server.launch()
        await expectEventually(within: 30) { server.logText.contains("metadata_renewed") }
        #expect(zip(Self.versions(server), old.versions).allSatisfy { $0 > $1 }, "\(Self.versions(server)) after \(old.versions)")
        #expect(zip(Self.expiries(server), old.expiries).allSatisfy { $0 > $1 })
        #expect(try await server.listed("ci/main/1")["verification"] as? String == "accepted")
        let device = try await server.assignedDevice("one", update: "1")
        let answer = try await device.get("/repo/timestamp.json", tag: "main")
        #expect((answer.json["signed"] as? [String: Any])?["version"] as? Int == server.metadataVersion("timestamp.json", of: "1"))
        #expect(try await server.tryOtaserve("updates", "verify", "ci/main/1").status == 0)
        #expect(server.names("updates") == ["ci", "prod"])
        // Not due any more: the next start leaves them alone.
        let renewed = Self.versions(server)
        #expect(await server.terminate() == 0)
        #expect(!server.logText.contains("metadata_expires_soon"))
        try await server.launch()
        _ = try await server.assignedDevice("two", update: "1")
        #expect(Self.versions(server) == renewed)
    }

    @Test("tuf refresh renews what is due, and only what was signed here")
    func byCommand() async throws {
        let server = try await Self.server(days: 20, serve: "any")
        defer { server.stop() }
        // Signed by others, and long over.
        try await Tool.check(["cp", "-r", "\(Binaries.samples)/ci/main/42", server.update("foreign")])
        let old = Self.versions(server)
        try Self.setLifetime(90, server)
        let printed = try await server.otaserve("tuf", "refresh", "--channel", "ci")
        #expect(printed.contains("ci/main/1") && !printed.contains("foreign"), "\(printed)")
        #expect(zip(Self.versions(server), old).allSatisfy { $0 > $1 }, "\(Self.versions(server)) after \(old)")
        #expect(try await server.listed("ci/main/1")["verification"] as? String == "accepted")
        #expect(try await Tool.run(["diff", "-r", "\(Binaries.samples)/ci/main/42", server.update("foreign")]).status == 0)
        let renewed = Self.versions(server)
        try await server.otaserve("tuf", "refresh")
        #expect(Self.versions(server) == renewed)
    }

    @Test("What others signed a server leaves as it is, however short it has to go")
    func foreign() async throws {
        let signer = try await Self.server(days: 20)
        defer { signer.stop() }
        let server = try await TestServer.start(trust: .own, serve: "verified")
        defer { server.stop() }
        #expect(await server.terminate() == 0)
        // This one has the roots of the other and none of its keys.
        try FileManager.default.removeItem(atPath: "\(server.datadir)/tuf/ci")
        try await server.otaserve("tuf", "import-fleet", "--channel", "ci", "\(signer.datadir)/tuf/ci/1.root.json")
        let source = signer.update("1")
        let imported = try await server.tryOtaserve("updates", "import", source, "--channel", "ci", "--tag", "main", "--name", "1")
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(imported.errors.contains("metadata-expires-soon"), "\(imported.errors)")
        try await server.launch()
        _ = try await server.tryOtaserve("tuf", "refresh")
        let device = try await server.assignedDevice("one", update: "1")
        #expect(try await device.get("/repo/targets.json", tag: "main").status == 200)
        // Nobody here can renew them: each start and each hour says so.
        await expectEventually(within: 30) { server.logText.contains("metadata_expires_soon") }
        let warned = server.logText.split(separator: "\n").filter { $0.contains("metadata_expires_soon") }
        #expect(warned.contains { $0.contains("subject=ci/main/1") && $0.contains("role=timestamp") }, "\(warned)")
        #expect(await server.terminate() == 0)
        #expect(!server.logText.contains("metadata_renewed"))
        #expect(try await Tool.run(["diff", "-r", source, server.update("1")]).status == 0)
    }
}
