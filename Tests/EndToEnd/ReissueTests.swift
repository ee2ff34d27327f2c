import Foundation
import Testing

@Suite("Devices are given an older update")
struct ReissueTests {
    private static let files = ["targets.json", "snapshot.json", "timestamp.json"]

    private static func versions(_ server: TestServer, _ update: String) -> [Int] { files.map { server.metadataVersion($0, of: update) } }

    /// What a device is told now: the version of its targets, and its one image with the commit.
    private static func offered(_ device: TestDevice) async throws -> (version: Int, image: String, commit: String) {
        let signed = try await device.get("/repo/targets.json", tag: "main").json["signed"] as? [String: Any] ?? [:]
        let targets = signed["targets"] as? [String: [String: Any]] ?? [:]
        let only = try #require(targets.first, "the device is offered nothing")
        return (signed["version"] as? Int ?? 0, only.key, (only.value["hashes"] as? [String: Any])?["sha256"] as? String ?? "")
    }

    @Test("A rollout of an older image signs it anew with higher versions, as 43.1 and then 43.2, and devices get the old commit")
    func ours() async throws {
        let server = try await TestServer.start(trust: .own, serve: "verified")
        defer { server.stop() }
        let trees = [try await server.importBuilt("41"), try await server.importBuilt("42"), try await server.importBuilt("43")]
        let device = try await server.assignedDevice("one", update: "43")
        #expect(try await Self.offered(device).image == "intel-corei7-64-lmp-43")
        var newest = Self.versions(server, "43")
        for (update, tree, image) in [("42", trees[1], "intel-corei7-64-lmp-43.1"), ("41", trees[0], "intel-corei7-64-lmp-43.2")] {
            _ = try await server.rollout(update, to: ["one"])
            let offered = try await Self.offered(device)
            #expect(offered.image == image && offered.commit == tree.commit, "\(offered)")
            let versions = Self.versions(server, update)
            #expect(zip(versions, newest).allSatisfy { $0 > $1 }, "\(versions) after \(newest)")
            newest = versions
            #expect(try await server.listed("ci/main/\(update)")["verification"] as? String == "accepted")
            #expect(server.logText.contains("update_reissued"))
            let repository = try await device.pull(offered.commit, into: "pulled-\(update)")
            #expect(try await Tool.run(["ostree", "--repo=\(repository)", "fsck", "--quiet"]).status == 0)
            // What is served is what was checked.
            #expect(try await server.tryOtaserve("updates", "verify", "ci/main/\(update)").status == 0)
        }
        // Forward again: that is going back for the versions too.
        _ = try await server.rollout("43", to: ["one"])
        let forward = try await Self.offered(device)
        #expect(forward.image == "intel-corei7-64-lmp-43.3" && forward.commit == trees[2].commit, "\(forward)")
        #expect(zip(Self.versions(server, "43"), newest).allSatisfy { $0 > $1 })
        #expect(server.names("updates") == ["ci", "prod"])
        try await server.otaserve("store", "verify")
    }

    @Test("The newest update is given as it is, and so is one of another tag")
    func newest() async throws {
        let server = try await TestServer.start(trust: .own)
        defer { server.stop() }
        try await server.importBuilt("50", tag: "devel")
        try await server.importBuilt("42")
        let before = try #require(server.file("updates/ci/main/42/tuf/targets.json"))
        _ = try await server.assignedDevice("one", update: "42")
        try await server.importBuilt("51", tag: "devel")
        _ = try await server.rollout("42", to: ["one"])
        #expect(server.file("updates/ci/main/42/tuf/targets.json") == before)
        #expect(!server.logText.contains("update_reissued"))
    }

    @Test("Metadata that were signed elsewhere stay untouched, and the log says what devices will do")
    func foreign() async throws {
        let server = try await TestServer.start(serve: "verified")
        defer { server.stop() }
        let device = try await server.assignedDevice("one", update: "43")
        #expect(!server.logText.contains("older_update_signed_elsewhere"))
        _ = try await server.rollout("42", to: ["one"])
        #expect(server.logText.contains("older_update_signed_elsewhere"))
        #expect(try await Tool.run(["diff", "-r", "\(Binaries.samples)/ci/main/42", server.update()]).status == 0)
        #expect(try await Self.offered(device).image == "intel-corei7-64-lmp-42")
    }
}
