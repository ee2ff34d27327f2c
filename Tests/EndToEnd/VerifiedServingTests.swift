import Foundation
import Testing

@Suite("serve: verified")
struct VerifiedServingTests {
    private static func copyByHand(_ server: TestServer, as name: String, damage: (String) throws -> Void = { _ in }) async throws {
        // Made elsewhere and moved in, so that nothing is seen half-way.
        let outside = "\(server.datadir)/by-hand-\(name)"
        try await Tool.check(["cp", "-r", "\(Binaries.samples)/ci/main/42", outside])
        try damage(outside)
        try await Tool.check(["mv", outside, server.update(name)])
    }

    private static func status(_ device: TestDevice, _ path: String = "/repo/targets.json") async throws -> Int {
        try await device.get(path, tag: "main").status
    }

    @Test("An update that was copied into the tree by hand is not served until it was checked, and then it is")
    func byHand() async throws {
        let server = try await TestServer.start(serve: "verified")
        defer { server.stop() }
        let device = try await server.assignedDevice("one", update: "43")
        #expect(try await Self.status(device) == 200)
        let hold = try CheckHold(server)
        try await Self.copyByHand(server, as: "44")
        _ = try await server.rollout("44", to: ["one"])
        await expectEventually { server.logText.contains("update_check_started") }
        for path in ["/repo/targets.json", "/ostree/config"] { #expect(try await Self.status(device, path) == 404) }
        #expect(try await server.listed("ci/main/44")["verification"] as? String == "unchecked")
        hold.release()
        try await expectEventually { try await Self.status(device) == 200 }
        #expect(try await server.listed("ci/main/44")["verification"] as? String == "accepted")
        #expect(try await Self.status(device, "/ostree/config") == 200)
        // Known from its verdict after a start: from the first request on.
        #expect(await server.terminate() == 0)
        try await server.launch()
        #expect(try await Self.status(device) == 200)
    }

    @Test("One that is damaged is never served, and the list says what is wrong with it")
    func damaged() async throws {
        let server = try await TestServer.start(serve: "verified")
        defer { server.stop() }
        let device = try await server.assignedDevice("one", update: "43")
        let object = try #require(Sample.objects().first { $0.hasSuffix(".filez") })
        try await Self.copyByHand(server, as: "bad") { copy in
            let path = "\(copy)/ostree_repo/\(object)"
            var bytes = try #require(FileManager.default.contents(atPath: path))
            bytes[bytes.count - 3] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        _ = try await server.rollout("bad", to: ["one"])
        try await expectEventually {
            #expect(try await Self.status(device) == 404)
            return try await server.listed("ci/main/bad")["verification"] as? String == "refused"
        }
        for path in ["/repo/targets.json", "/ostree/config", "/ostree/\(Sample.objects()[0])", "/repo/timestamp.json"] {
            #expect(try await Self.status(device, path) == 404, "\(path)")
        }
        let problem = try await server.listed("ci/main/bad")["problem"] as? String ?? ""
        #expect(problem.contains(object), "\(problem)")
        #expect(try await server.otaserve("updates", "list").contains("refused"))
        #expect(server.logText.contains("update_refused"))
        let shown = try await server.api("GET", "/v1/updates/ci/main/bad")
        #expect(shown.json["verified"] as? Bool == false && (shown.json["problem"] as? String)?.contains(object) == true)
        // The shared copy of the file, which other updates have, is as it was.
        _ = try await server.rollout("42", to: ["one"])
        #expect(try await Self.status(device, "/ostree/\(object)") == 200)
        try await server.otaserve("store", "verify")
    }

    @Test("A file put into objects/ or taken out of it: the update is not served until it was checked again", arguments: [true, false])
    func changedInPlace(isAdded: Bool) async throws {
        let server = try await TestServer.start(serve: "verified")
        defer { server.stop() }
        let device = try await server.assignedDevice("one", update: "42")
        let object = try #require(Sample.objects().first { $0.hasSuffix(".filez") })
        #expect(try await Self.status(device) == 200)
        let target = "\(server.update())/ostree_repo/\(object)"
        let stray = "\(target.dropLast(9))000.filez"
        if isAdded {
            try Data("not what the name says".utf8).write(to: URL(fileURLWithPath: stray))
            // The server compares all directories every half minute.
            try await expectEventually(within: 60) { try await Self.status(device) == 404 }
        } else {
            // The first look after a start compares all directories too.
            #expect(await server.terminate() == 0)
            try FileManager.default.removeItem(atPath: target)
            try await server.launch()
            #expect(try await Self.status(device) == 404)
        }
        try await expectEventually(within: 20) { try await server.listed("ci/main/42")["verification"] as? String == "refused" }
        #expect(try await Self.status(device) == 404)
        // Mended, it comes back.
        if isAdded {
            try FileManager.default.removeItem(atPath: stray)
        } else {
            try FileManager.default.copyItem(atPath: "\(Binaries.samples)/ci/main/42/ostree_repo/\(object)", toPath: target)
        }
        try await expectEventually(within: 60) { try await Self.status(device) == 200 }
        // 43 was served all the time.
        _ = try await server.rollout("43", to: ["one"])
        #expect(try await Self.status(device) == 200)
    }

    @Test("An update that was imported is served at once; one that was deleted is gone at once")
    func atOnce() async throws {
        let server = try await TestServer.start(serve: "verified")
        defer { server.stop() }
        try await server.otaserve(
            "updates", "import", "\(Binaries.samples)/ci/main/42", "--channel", "ci", "--tag", "main", "--name", "now")
        let device = try await server.assignedDevice("one", update: "now")
        #expect(try await Self.status(device) == 200)
        _ = try await server.rollout("43", to: ["one"])
        try await server.otaserve("updates", "delete", "ci/main/now")
        #expect(server.names("verdicts/ci/main") == ["42", "43"])
    }
}
