import DeviceAuth
import Fleet
import Foundation
import Testing
import UpdateTree

@testable import Gateway

/// Sites and devices at one gateway, by curl.
@Suite("A site at the gateway")
struct SiteServerTests {
    private static let inventories = MemoryInventories(
        texts: [
            "ci/main/42": "3 - ostree_repo/objects/aa/b.filez\n", "ci/main/5": "five\n", "ci/devel/42": "devel\n", "prod/main/42": "prod\n",
            "prod/x/1": "x\n",
        ].reduce(into: [:]) { texts, item in if let key = try? key(item.key) { texts[key] = item.value } })

    @Test("No certificate, or a device's, reaches nothing below /site/")
    func devices() async throws {
        try await GatewayWorld.run(inventories: Self.inventories, reports: MemorySiteReports()) { world in
            let device = try world.device("pump-7")
            for path in ["updates", "updates/ci/main/42/inventory", "updates/ci/main/42/content/tuf/targets.json", "report", "x"] {
                let answer = try await device.get("/site/v1/" + path)
                #expect(answer.status == 403 && answer.slug == "site-certificate-required", "\(path)")
                #expect(try await world.anonymous.get("/site/v1/" + path).slug == "certificate-required")
            }
            let report = world.folder + "/certs/root.crt"
            #expect(try await device.post("/site/v1/report", file: report).slug == "site-certificate-required")
        }
    }

    @Test("A site is no device: every other path is refused, and nothing is written of it")
    func notADevice() async throws {
        try await GatewayWorld.run(inventories: Self.inventories) { world in
            try world.write("ci/main/42/tuf/targets.json", "{}".utf8)
            let site = try world.site("plant-2", "ci/*", "prod/*")
            let blob = "sha256:" + String(repeating: "a", count: 64)
            for path in [
                "/device", "/repo/targets.json", "/ostree/config", "/config", "/events", "/app-proxy-url", "/", "/nothing",
                "/registry/v2/app/blobs/\(blob)", "/registry/v2/app/blobs/\(blob)?token=x", "/sites/v1/updates", "//site/v1/updates",
            ] {
                let answer = try await site.get(path, "-H", "x-ats-tags: main")
                #expect(answer.status == 403 && answer.slug == "site-not-a-device", "\(path)")
            }
            #expect(try await site.post("/events", file: world.folder + "/certs/root.crt").slug == "site-not-a-device")
            #expect(try await site.get("/site/v1/updates", "-H", "x-ats-tags: main").status == 200)
            #expect(try await site.get("/site/v1/nothing").status == 404)
            #expect(world.services.registry.directory.all.isEmpty)
            #expect(world.devices.all.isEmpty)
            // A device of the same name is another.
            #expect(try await world.device("plant-2").get("/device").status == 200)
        }
    }

    @Test("A revoked site gets no further than the handshake")
    func revoked() async throws {
        try await GatewayWorld.run(inventories: Self.inventories) { world in
            let site = try world.site("plant-2", "ci/main")
            #expect(try await site.get("/site/v1/updates").status == 200)
            let certificate = try CertificateDirectory.content(ofFile: #require(site.credentials) + "/client.pem")
            _ = try world.pki.revoke(.certificate(certificate), now: .now)
            try world.certificates.reload(now: .now)
            #expect(try await site.get("/site/v1/updates").status == 0)
        }
    }

    @Test("What is not granted is answered exactly like what does not exist")
    func grants() async throws {
        try await GatewayWorld.run(inventories: Self.inventories) { world in
            for update in ["ci/main/42", "ci/devel/42", "prod/main/42"] { try world.write(update + "/tuf/targets.json", "{}".utf8) }
            let site = try world.site("plant-2", "ci/main", "prod/x")
            for rest in ["inventory", "content/tuf/targets.json", "content/tuf/absent"] {
                let absent = try await site.get("/site/v1/updates/ci/main/absent/\(rest)")
                #expect(absent.status == 404 && absent.slug == "update-unknown")
                for other in ["ci/devel/42", "prod/main/42", "ci/devel/absent", "prod/main/absent"] {
                    let answer = try await site.get("/site/v1/updates/\(other)/\(rest)")
                    #expect(answer.status == 404 && answer.body == absent.body, "\(other)/\(rest)")
                }
            }
            #expect(try await site.get("/site/v1/updates/ci/main/42/content/tuf/targets.json").text == "{}")
            #expect(try await site.get("/site/v1/updates/ci/main/42/content/tuf/absent").slug == "not-found")
        }
    }

    @Test("Inventories that cannot be read are an error, never an empty list or an update that is gone")
    func unreadable() async throws {
        try await GatewayWorld.run(inventories: MemoryInventories(fails: true)) { world in
            let site = try world.site("plant-2", "ci/main")
            for path in ["/site/v1/updates", "/site/v1/updates/ci/main/42/inventory"] {
                let answer = try await site.get(path)
                #expect(answer.status == 503 && answer.slug == "storage-failed")
            }
        }
    }

    @Test("Without inventories the list is empty, and without anybody to take reports they are refused")
    func defaults() async throws {
        try await GatewayWorld.run { world in
            let site = try world.site("plant-2", "ci/main")
            #expect(try await site.get("/site/v1/updates").text == #"{"updates":[]}"#)
            #expect(try await site.get("/site/v1/updates/ci/main/42/inventory").slug == "update-unknown")
            let answer = try await site.post("/site/v1/report", file: world.folder + "/certs/root.crt")
            #expect(answer.status == 503 && answer.slug == "site-reports-unavailable")
        }
    }

    @Test("Only the methods of a route are taken")
    func methods() async throws {
        try await GatewayWorld.run(inventories: Self.inventories, reports: MemorySiteReports()) { world in
            let site = try world.site("plant-2", "ci/main")
            for (method, path) in [
                ("POST", "updates"), ("PUT", "updates"), ("DELETE", "updates/ci/main/42/inventory"), ("GET", "report"), ("PUT", "report"),
                ("PUT", "updates/ci/main/42/content/tuf/targets.json"),
            ] {
                #expect(try await site.get("/site/v1/" + path, "-X", method).slug == "method-not-allowed", "\(method) \(path)")
            }
        }
    }

    @Test(
        "The list has what is granted, in order of path, and is not sent again while it is the same", arguments: ["--http1.1", "--http2"])
    func listing(version: String) async throws {
        try await GatewayWorld.run(inventories: Self.inventories) { world in
            let site = try world.site("plant-2", "ci/main", "prod/*")
            let answer = try await site.get("/site/v1/updates", version)
            #expect(answer.headers["content-type"] == "application/json")
            let updates = try #require(answer.json["updates"] as? [[String: Any]])
            let paths = updates.map { "\($0["channel"] ?? "")/\($0["tag"] ?? "")/\($0["name"] ?? "")" }
            #expect(paths == ["ci/main/42", "ci/main/5", "prod/main/42", "prod/x/1"])
            #expect(updates[1]["bytes"] as? Int == 50)
            #expect(updates[1]["files"] as? Int == 1)
            // `printf 'five\n' | sha256sum`
            let digest = "ac169f9fb7cb48d431466d7b3bf2dc3e1d2e7ad6630f6b767a1ac1801c496b35"
            #expect(updates[1]["inventory"] as? String == "sha256:\(digest)")
            let etag = try #require(answer.headers["etag"])
            #expect(etag.utf8.count == 66)
            let again = try await site.get("/site/v1/updates", version, "-H", "If-None-Match: \(etag)")
            #expect(again.status == 304 && again.body.isEmpty)
            let head = try await site.head("/site/v1/updates")
            #expect(head.headers["content-length"] == String(answer.body.count))
            #expect(try await world.site("plant-3", "ci/main").get("/site/v1/updates").headers["etag"] != etag)
            #expect(try await site.get("/site/v1/updates", "-H", "Range: bytes=0-1").body == answer.body)
        }
    }

    @Test("An inventory comes whole or in part, small or large, under the tag of its digest", arguments: ["--http1.1", "--http2"])
    func inventory(version: String) async throws {
        let small = "3 - ostree_repo/objects/aa/b.filez\n"
        let large = (0..<100_000).map { "\($0) - ostree_repo/objects/\($0)\n" }.joined()
        let inventories = MemoryInventories(texts: [try key("ci/main/1"): small, try key("ci/main/2"): large, try key("ci/main/3"): ""])
        try await GatewayWorld.run(inventories: inventories) { world in
            let site = try world.site("plant-2", "ci/main")
            let listed = try await site.get("/site/v1/updates").json["updates"] as? [[String: Any]]
            for (index, text) in [small, large, ""].enumerated() {
                let path = "/site/v1/updates/ci/main/\(index + 1)/inventory"
                let answer = try await site.get(path, version)
                #expect(answer.status == 200 && answer.text == text)
                #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
                let etag = try #require(answer.headers["etag"])
                #expect(listed?[index]["inventory"] as? String == "sha256:" + etag.dropFirst().dropLast())
                #expect(try await site.get(path, version, "-H", "If-None-Match: \(etag)").status == 304)
                #expect(try await site.head(path).headers["content-length"] == String(text.utf8.count))
                guard !text.isEmpty else { continue }
                let rest = try await site.get(path, version, "-r", "7-", "-H", "If-Range: \(etag)")
                #expect(rest.status == 206 && rest.text == String(text.dropFirst(7)))
                #expect(rest.headers["content-range"] == "bytes 7-\(text.utf8.count - 1)/\(text.utf8.count)")
                #expect(try await site.get(path, version, "-r", "7-", "-H", "If-Range: \"x\"").text == text)
                #expect(try await site.get(path, version, "-r", "\(text.utf8.count)-").status == 416)
            }
        }
    }

    @Test("A file of an update comes as devices get theirs: whole, in part, under a strong tag", arguments: ["--http1.1", "--http2"])
    func content(version: String) async throws {
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let object = "ostree_repo/objects/ab/" + String(repeating: "c", count: 62) + ".filez"
        try await GatewayWorld.run { world in
            for path in [
                "tuf/targets.json", "tuf/keys/offline.json", object, "snaps/a b?.snap", "packages/käse/x", "ostree_repo/refs/heads/main",
            ] {
                try world.write("ci/main/42/" + path, path.utf8)
            }
            try world.write("ci/main/42/packages/large", large)
            try world.write("ci/main/42/packages/empty", [])
            let site = try world.site("plant-2", "ci/main")
            let base = "/site/v1/updates/ci/main/42/content/"
            for path in [
                "tuf/targets.json", "tuf/keys/offline.json", object, "snaps/a%20b%3F.snap", "packages/k%C3%A4se/x",
                "ostree_repo/refs/heads/main",
            ] {
                let answer = try await site.get(base + path, version)
                #expect(answer.status == 200 && answer.text == path.removingPercentEncoding, "\(path)")
                let etag = try #require(answer.headers["etag"])
                #expect(try await site.get(base + path, version, "-H", "If-None-Match: \(etag)").status == 304)
            }
            #expect(try await site.get(base + "packages/empty", version).body.isEmpty)
            let whole = try await site.get(base + "packages/large", version)
            #expect(whole.body == Data(large))
            let etag = try #require(whole.headers["etag"])
            let part = try await site.get(base + "packages/large", version, "-r", "1000000-2999998", "-H", "If-Range: \(etag)")
            #expect(part.status == 206 && part.body == Data(large[1_000_000..<2_999_999]))
            #expect(try await site.get(base + "packages/large", version, "-r", "3000000-").status == 416)
        }
    }

    @Test("A file has one answer, whoever asked for it first")
    func sharedCache() async throws {
        try await GatewayWorld.run { world in
            try world.write("ci/main/42/tuf/targets.json", "{}".utf8)
            let answer = try await world.site("plant-2", "ci/main").get("/site/v1/updates/ci/main/42/content/tuf/targets.json")
            let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
            #expect(answer.headers["x-ats-role-checksum"] == digest)
            #expect(answer.headers["etag"] == "\"\(digest)\"")
        }
    }

    @Test("Links, FIFOs, directories and what merely lies in the update are not served")
    func special() async throws {
        try await GatewayWorld.run { world in
            try world.write("ci/main/42/tuf/targets.json", "{}".utf8)
            try world.write("ci/main/43/tuf/targets.json", "{}".utf8)
            try world.write("ci/main/42/ostree_repo/.lock", "x".utf8)
            try world.write("ci/main/42/ostree_repo/tmp/x", "x".utf8)
            let update = world.folder + "/updates/ci/main/42"
            let manager = FileManager.default
            try manager.createSymbolicLink(atPath: update + "/tuf/link", withDestinationPath: "targets.json")
            try manager.createSymbolicLink(atPath: update + "/snaps", withDestinationPath: "../43/tuf")
            try manager.createSymbolicLink(atPath: update + "/packages", withDestinationPath: "/etc")
            #expect(mkfifo(update + "/tuf/fifo", 0o644) == 0)
            let site = try world.site("plant-2", "ci/main")
            for path in [
                "tuf/link", "tuf/fifo", "tuf/", "snaps/targets.json", "packages/passwd", "ostree_repo/.lock", "ostree_repo/tmp/x",
                "tuf/../tuf/targets.json", "tuf/%2e%2e/%2e%2e/43/tuf/targets.json", "../43/tuf/targets.json", "tuf/targets.json/", "apps/x",
            ] {
                let answer = try await site.get("/site/v1/updates/ci/main/42/content/" + path)
                #expect(answer.status == 404 && answer.slug == "not-found", "\(path)")
            }
        }
    }

    @Test("A report is handed over as it was sent, and acknowledged once it is stored", arguments: ["--http1.1", "--http2"])
    func report(version: String) async throws {
        let reports = MemorySiteReports()
        try await GatewayWorld.run(reports: reports) { world in
            let bytes = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try world.write("report", bytes)
            let answer = try await world.site("plant-2", "ci/main").post(
                "/site/v1/report", file: world.folder + "/updates/report", version)
            #expect(answer.status == 204)
            #expect(reports.all.count == 1)
            #expect(reports.all.first?.site.name.text == "plant-2")
            #expect(reports.all.first?.body == bytes)
        }
    }

    @Test("A report that is not understood is 400, one that could not be stored 503, one beyond 64 MiB 413")
    func badReports() async throws {
        for (error, status) in [(FleetError(.reportInvalid, "x"), 400), (FleetError(.storage, "x"), 503)] {
            try await GatewayWorld.run(reports: MemorySiteReports(error: error)) { world in
                let answer = try await world.site("plant-2", "ci/main").post("/site/v1/report", file: world.folder + "/certs/root.crt")
                #expect(answer.status == status && answer.slug == error.code.rawValue)
            }
        }
        let reports = MemorySiteReports()
        try await GatewayWorld.run(reports: reports) { world in
            try world.write("report", [UInt8](repeating: 0, count: 64 << 20 + 1))
            let answer = try await world.site("plant-2", "ci/main").post("/site/v1/report", file: world.folder + "/updates/report")
            #expect(answer.status == 413 && answer.slug == "body-too-large")
            #expect(reports.all.isEmpty)
        }
    }

    @Test("Reports of sites have room of their own: one that has none leaves a device's untouched")
    func room() async throws {
        var limits = GatewayLimits()
        limits.siteBodyBytes = 1000
        try await GatewayWorld.run(reports: MemorySiteReports(), limits: limits) { world in
            try world.write("report", [UInt8](repeating: 0x20, count: 2000))
            let file = world.folder + "/updates/report"
            let answer = try await world.site("plant-2", "ci/main").post("/site/v1/report", file: file)
            #expect(answer.status == 503 && answer.slug == "server-busy")
            let device = try await world.device("pump-7").get("/system_info/network", "-X", "PUT", "--data-binary", "@\(file)")
            #expect(device.status == 200)
        }
    }
}
