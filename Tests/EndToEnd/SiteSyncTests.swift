import Foundation
import Testing

@Suite("A site takes updates from an upstream server")
struct SiteSyncTests {
    private static let updates = ["ci/main/42", "ci/main/43", "prod/prod/40"]

    /// An upstream with the sample updates and a site without any.
    private static func pair(siteConfiguration: String? = nil) async throws -> (upstream: TestServer, site: TestServer, credentials: String)
    {
        let upstream = try await TestServer.start(serve: "verified")
        let site = try await TestServer.start(configuration: siteConfiguration, samples: false, serve: "verified")
        let credentials = "\(upstream.datadir)/site-of-test"
        try await upstream.otaserve("pki", "issue-site", "plant-2", "--allow", "ci/*", "--allow", "prod/*", "--out", credentials)
        return (upstream, site, credentials)
    }

    private static func command(_ upstream: TestServer, _ site: TestServer, _ credentials: String, _ more: [String]) -> [String] {
        [
            Binaries.otaserve, "--datadir", site.datadir, "site", "sync", "--upstream", upstream.gateway, "--credentials", credentials,
            "-o", "json",
        ]
            + more
    }

    /// Runs `site sync` and returns its exit status and the bytes that came.
    private static func sync(
        _ upstream: TestServer, _ site: TestServer, _ credentials: String, _ more: String...
    ) async throws -> (status: Int32, bytes: Int, outcomes: [String: String]) {
        let outcome = try await Tool.run(command(upstream, site, credentials, more))
        let report = (try? JSONSerialization.jsonObject(with: outcome.output)) as? [String: Any]
        let entries = report?["updates"] as? [[String: Any]] ?? []
        let bytes = entries.reduce(0) { $0 + ($1["bytesFetched"] as? Int ?? 0) }
        let outcomes = entries.compactMap { entry in
            (entry["update"] as? String).flatMap { name in (entry["outcome"] as? String).map { (name, $0) } }
        }
        return (outcome.status, bytes, Dictionary(outcomes) { first, _ in first })
    }

    /// Whether the site's update has exactly the files of the sample.
    private static func isWhole(_ update: String, at site: TestServer) async throws -> Bool {
        try await Tool.run(["diff", "-r", "\(Binaries.samples)/\(update)", "\(site.datadir)/updates/\(update)"]).status == 0
    }

    /// Every update that shows is whole, and nothing private shows under a name.
    private static func expectNothingHalf(_ site: TestServer, _ comment: Comment) async throws {
        for update in updates where FileManager.default.fileExists(atPath: "\(site.datadir)/updates/\(update)") {
            #expect(try await isWhole(update, at: site), comment)
        }
    }

    @Test("What the upstream has, devices of the site get at once, and a second sync fetches nothing")
    func everything() async throws {
        let (upstream, site, credentials) = try await Self.pair()
        defer {
            upstream.stop()
            site.stop()
        }
        let first = try await Self.sync(upstream, site, credentials)
        #expect(first.status == 0 && first.bytes > 0)
        #expect(first.outcomes == Dictionary(uniqueKeysWithValues: Self.updates.map { ($0, "fetched") }))
        for update in Self.updates { #expect(try await Self.isWhole(update, at: site)) }

        let device = try await site.assignedDevice("one", update: "43")
        let targets = try await device.get("/repo/targets.json", tag: "main")
        #expect(targets.status == 200 && targets.body == Sample.file("tuf/targets.json", of: "ci/main/43"))
        for object in Sample.objects(of: "ci/main/43").prefix(10) {
            let answer = try await device.get("/ostree/\(object)", tag: "main")
            #expect(answer.status == 200 && answer.body == Sample.file("ostree_repo/\(object)", of: "ci/main/43"))
        }

        let second = try await Self.sync(upstream, site, credentials)
        #expect(second.status == 0 && second.bytes == 0)
        #expect(second.outcomes.values.allSatisfy { $0 == "unchanged" })
        let status = try await site.otaserve("site", "status")
        #expect(status.contains(upstream.gateway) && status.contains("unchanged"))
    }

    @Test("A flipped bit at a site is mended with the upstream's copy, and devices get the right bytes again")
    func repair() async throws {
        let (upstream, site, credentials) = try await Self.pair()
        defer {
            upstream.stop()
            site.stop()
        }
        #expect(try await Self.sync(upstream, site, credentials).status == 0)
        let object = try #require(Sample.objects(of: "ci/main/43").first { $0.hasSuffix(".filez") })
        let path = "\(site.datadir)/store/\(object)"
        try await Tool.check(["chmod", "u+w", path])
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: 20)
        try file.write(contentsOf: Data([0xFF, 0x00, 0xFF]))
        try file.close()
        let alone = try await site.tryOtaserve("store", "verify", "--repair")
        #expect(alone.status == 65 && alone.errors.contains("--from-upstream"), "\(alone)")
        try "upstream: \(upstream.gateway)\nupstream-credentials: \(credentials)\n"
            .write(toFile: "\(site.datadir)/config.yaml", atomically: true, encoding: .utf8)
        let printed = try await site.otaserve("store", "verify", "--repair", "--from-upstream")
        #expect(printed.contains("restored from \(upstream.gateway)"), "\(printed)")
        for update in Self.updates { #expect(try await Self.isWhole(update, at: site)) }
        let device = try await site.assignedDevice("one", update: "43")
        await expectEventually {
            let answer = try? await device.get("/ostree/\(object)", tag: "main")
            return answer?.body == Sample.file("ostree_repo/\(object)", of: "ci/main/43")
        }
    }

    @Test("A site takes nothing that its certificate does not grant, and nothing without a root that it trusts")
    func grants() async throws {
        let (upstream, site, _) = try await Self.pair()
        defer {
            upstream.stop()
            site.stop()
        }
        let narrow = "\(upstream.datadir)/narrow"
        try await upstream.otaserve("pki", "issue-site", "plant-3", "--allow", "prod/prod", "--out", narrow)
        #expect(try await Self.sync(upstream, site, narrow).outcomes == ["prod/prod/40": "fetched"])
        #expect(try await Self.sync(upstream, site, narrow, "--tag", "ci/main").outcomes == [:])

        try FileManager.default.removeItem(atPath: "\(site.datadir)/tuf/ci")
        let all = "\(upstream.datadir)/site-of-test"
        let untrusting = try await Self.sync(upstream, site, all, "--tag", "ci/main")
        #expect(untrusting.status == 65)
        #expect(untrusting.outcomes == ["ci/main/42": "refused", "ci/main/43": "refused"])
        #expect(site.names("updates/ci/main") == [])
    }

    @Test("An update that devices are assigned to outlives its end at the upstream, others are removed when asked")
    func prunes() async throws {
        let (upstream, site, credentials) = try await Self.pair()
        defer {
            upstream.stop()
            site.stop()
        }
        _ = try await Self.sync(upstream, site, credentials)
        _ = try await site.assignedDevice("one", update: "42")
        try await upstream.otaserve("updates", "delete", "ci/main/42")
        try await expectEventually { try await Self.sync(upstream, site, credentials).outcomes["ci/main/42"] == nil }
        #expect(try await Self.sync(upstream, site, credentials, "--prune").outcomes["ci/main/42"] == "kept")
        _ = try await site.rollout("43", to: ["one"])
        #expect(try await Self.sync(upstream, site, credentials, "--prune").outcomes["ci/main/42"] == "removed")
        #expect(site.names("updates/ci/main") == ["43"])
    }

    @Test("An upstream that is killed in the middle costs nothing that came before")
    func upstreamKilled() async throws {
        let (upstream, site, credentials) = try await Self.pair()
        defer {
            upstream.stop()
            site.stop()
        }
        let reference = try await TestServer.start(samples: false, serve: "verified")
        defer { reference.stop() }
        let whole = try await Self.sync(upstream, reference, credentials).bytes
        // Slow enough that it is under way for seconds.
        async let cut = Self.sync(upstream, site, credentials, "--rate", "40KiB")
        await expectEventually("nothing comes") { site.names("transfers").count > 3 || !site.names("store/objects").isEmpty }
        await upstream.kill()
        #expect(try await cut.status != 0)
        try await Self.expectNothingHalf(site, "after the upstream was killed")
        try await upstream.launch()
        let rest = try await Self.sync(upstream, site, credentials)
        #expect(rest.status == 0 && rest.bytes < whole)
        for update in Self.updates { #expect(try await Self.isWhole(update, at: site)) }
    }

    @Test("Killed at random moments, a sync leaves nothing half and goes on where it was")
    func randomMoments() async throws {
        var random = SeededRandom(for: "SiteSyncTests.randomMoments")
        let (upstream, site, credentials) = try await Self.pair()
        defer {
            upstream.stop()
            site.stop()
        }
        for round in 0..<15 {
            let process = Process()
            let command = Self.command(upstream, site, credentials, ["--rate", "200KiB"])
            process.executableURL = URL(fileURLWithPath: command[0])
            process.arguments = Array(command.dropFirst())
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            try await Task.sleep(for: .milliseconds(Int.random(in: 20...900, using: &random)))
            kill(process.processIdentifier, SIGKILL)
            _ = await Tool.end(of: process)
            try await Self.expectNothingHalf(site, "round \(round)")
        }
        #expect(try await Self.sync(upstream, site, credentials).status == 0)
        for update in Self.updates { #expect(try await Self.isWhole(update, at: site)) }
        #expect(site.names("transfers") == ["lock"])
        #expect(!site.names("updates").contains { $0.hasPrefix(".") })
    }

    @Test("A server with an upstream in its configuration syncs by itself")
    func scheduled() async throws {
        let upstream = try await TestServer.start(serve: "verified")
        defer { upstream.stop() }
        let credentials = "\(upstream.datadir)/site-of-test"
        try await upstream.otaserve("pki", "issue-site", "plant-2", "--allow", "ci/main", "--out", credentials)
        let site = try await TestServer.start(
            configuration: """
                upstream: \(upstream.gateway)
                upstream-credentials: \(credentials)
                sync-interval: 1m
                sync-tags: ci/main
                """, samples: false, serve: "verified")
        defer { site.stop() }
        // The first one comes within a tenth of the interval.
        let came = await eventually(within: 30) { site.names("updates/ci/main") == ["42", "43"] }
        #expect(came)
        let device = try await site.assignedDevice("one", update: "42")
        #expect(try await device.get("/repo/targets.json", tag: "main").status == 200)
    }
}
