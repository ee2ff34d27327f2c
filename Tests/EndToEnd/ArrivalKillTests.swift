import Foundation
import Testing

@Suite("Updates whose arrival is killed")
struct ArrivalKillTests {
    /// A data directory that trusts the samples' roots and has 42.
    private static func base() async throws -> TestServer {
        let base = try await TestServer.start(samples: false)
        #expect(await base.terminate() == 0)
        try await base.otaserve(
            "updates", "import", "\(Binaries.samples)/ci/main/42", "--channel", "ci", "--tag", "main", "--name", "42")
        return base
    }

    /// The changes of one remainder each: several data directories share the time that all of them take.
    @Test("Killed before any change of a file, an import leaves the tree as it was or with the whole update", arguments: 1...4)
    func imports(first: Int) async throws {
        let base = try await Self.base()
        defer { base.stop() }
        let source = "\(Binaries.samples)/ci/main/43"
        try await KilledArrival(
            base: base, arguments: ["updates", "import", source, "--channel", "ci", "--tag", "main", "--name", "43"]
        ).run(first: first, step: 4)
    }

    @Test("Killed before any change of a file, a sync leaves the tree as it was or with the whole update", arguments: 1...4)
    func syncs(first: Int) async throws {
        let base = try await Self.base()
        let upstream = try await TestServer.start(serve: "verified")
        defer {
            base.stop()
            upstream.stop()
        }
        let credentials = "\(upstream.datadir)/site-of-test"
        try await upstream.otaserve("pki", "issue-site", "plant-1", "--allow", "ci/main", "--out", credentials)
        try await KilledArrival(
            base: base, arguments: ["site", "sync", "--upstream", upstream.gateway, "--credentials", credentials, "--parallel", "1"]
        ).run(first: first, step: 4)
    }

    @Test("Killed before any change of a file, a bundle's import leaves the tree as it was or with the whole update", arguments: 1...4)
    func bundles(first: Int) async throws {
        let base = try await Self.base()
        let upstream = try await TestServer.dataDirectoryOnly()
        defer {
            base.stop()
            upstream.stop()
        }
        let bundle = "\(upstream.datadir)/bundle"
        try await upstream.otaserve("bundle", "export", "--update", "ci/main/43", "--to", bundle)
        try await KilledArrival(
            base: base, arguments: ["bundle", "import", bundle, "--root", "\(upstream.datadir)/certs/root.crt"]
        ).run(first: first, step: 4)
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
