import Foundation
import Testing

@Suite("A device fetches its update")
struct ContentTests {
    @Test("Without an assigned update there is no content, and the answer says so")
    func unassigned() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.device("one")
        for path in ["/repo/targets.json", "/ostree/config"] {
            let answer = try await device.get(path, tag: "main")
            #expect(answer.status == 404)
            #expect(answer.slug == "no-update-assigned")
        }
    }

    @Test("Channel, tag and assigned name select the metadata; every change is seen at once")
    func selection() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let ci = try await server.device("ci")
        let prod = try await server.device("prod", production: true)
        #expect(try await ci.get("/device", tag: "main").status == 200)
        #expect(try await prod.get("/device", tag: "prod").status == 200)
        _ = try await server.rollout("42", to: ["ci"])
        _ = try await server.rollout("40", tag: "prod", isProd: true, to: ["prod"])
        for (device, path) in [(ci, "ci/main/42"), (prod, "prod/prod/40")] {
            let answer = try await device.get("/repo/targets.json")
            let file = FileManager.default.contents(atPath: "\(Binaries.samples)/\(path)/tuf/targets.json")
            #expect(answer.status == 200)
            #expect(answer.body == file)
            #expect(answer.headers["content-length"] == file.map { String($0.count) })
            #expect(answer.headers["x-ats-role-checksum"]?.count == 64)
        }
        #expect(try await ci.get("/repo/3.root.json").status == 200)
        #expect(try await ci.get("/repo/4.root.json").status == 404)
        _ = try await server.rollout("43", to: ["ci"])
        #expect(try await ci.get("/repo/targets.json").text.contains("intel-corei7-64-lmp-43"))
    }
}
