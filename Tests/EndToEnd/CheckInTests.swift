import Foundation
import Testing

@Suite("What a device tells with every request")
struct CheckInTests {
    private static let all = ["x-ats-tags", "x-ats-target", "x-ats-ostreehash", "x-ats-dockerapps"]

    @Test("A header that is missing keeps what is known, an empty one clears it")
    func keepAndClear() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        func told(_ fields: [String]) async throws -> [String] {
            let json = try await device.get("/device", fields.flatMap { ["-H", $0] }).json
            return ["tag", "target_name", "ostree_hash"].map { json[$0] as? String ?? "?" }
                + (json["docker_apps"] as? [String] ?? ["?"])
        }
        #expect(try await told([]) == ["", "", ""])
        let known = ["main", "lmp-42", "abc123", "app1", "app2"]
        #expect(
            try await told(["x-ats-tags: main", "X-ATS-Target: lmp-42", "x-ats-ostreehash: abc123", "x-ats-dockerapps: app1,app2"]) == known
        )
        #expect(try await told([]) == known)
        #expect(try await told(["x-ats-target: lmp-43"]) == ["main", "lmp-43", "abc123", "app1", "app2"])
        // `curl -H "name;"` sends the name with an empty value.
        #expect(try await told(["x-ats-target;"]) == ["main", "", "abc123", "app1", "app2"])
        #expect(try await told(["x-ats-dockerapps;"]) == ["main", "", "abc123"])
        #expect(try await told(["x-ats-ostreehash;", "x-ats-dockerapps: app3"]) == ["main", "", "", "app3"])
        #expect(try await told(["x-ats-tags;"]) == ["", "", "", "app3"])
        #expect(try await told(["x-ats-tags: one.two_3+x-y"]) == ["one.two_3+x-y", "", "", "app3"])

        // It is in the database within moments, and there after a restart.
        let isStored = try await eventually {
            try await server.api("GET", "/v1/devices/one").json["tag"] as? String == "one.two_3+x-y"
        }
        #expect(isStored)
        #expect(await server.terminate() == 0)
        try await server.launch()
        #expect(try await told([]) == ["one.two_3+x-y", "", "", "app3"])
    }

    @Test("All tags on one request and the first alone on the next are the same tag")
    func severalTags() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        let connection = try KeptConnection(device)
        for fields in [["x-ats-tags": "main,devel"], ["x-ats-tags": "main"], [:], ["x-ats-tags": "main,devel,x"], ["x-ats-tags": "main"]] {
            let reply = try await connection.request("GET", "/device", fields)
            #expect(reply.text.contains(#""tag":"main""#), "\(fields): \(reply)")
        }
        // Sent as two fields they are one list.
        let two = try await device.get("/device", ["-H", "x-ats-tags: devel", "-H", "x-ats-tags: main"])
        #expect(two.json["tag"] as? String == "devel")
    }

    @Test("The newest request decides, on whichever connection it comes")
    func newestWins() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        let connection = try KeptConnection(device)
        for _ in 1...3 {
            let kept = try await connection.request("GET", "/device", ["x-ats-tags": "main"])
            #expect(kept.text.contains(#""tag":"main""#), "\(kept)")
            #expect(try await device.get("/device", tag: "devel").json["tag"] as? String == "devel")
        }
    }

    @Test("A value that cannot be is answered with 400, and nothing of the request is stored")
    func invalid() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        let before = try await device.get("/device", tag: "main", ["-H", "x-ats-target: lmp-42"])
        #expect(before.status == 200)
        let tags = [
            "../x", "..", ".", ".hidden", "-x", "_x", "+x", "a/b", "a\\b", "a b", "main,", ",main", "main,,devel", "main,../x",
            "main, devel", "a%2fb", "ä", "a:b", "a;b", "~", "*", "$(x)", "main\u{7f}", String(repeating: "a", count: 81),
        ]
        for version in ["--http1.1", "--http2"] {
            for tag in tags {
                let answer = try await device.get("/repo/targets.json", tag: tag, [version, "-H", "x-ats-target: other"])
                #expect(answer.status == 400, "\(tag): \(answer)")
            }
            for name in Self.all.dropFirst() {
                for value in [String(repeating: "a", count: name == "x-ats-dockerapps" ? 2049 : 81), "a b", "ä"] {
                    let answer = try await device.get("/device", ["-H", "x-ats-tags: other", "-H", "\(name): \(value)", version])
                    #expect(answer.status == 400 && answer.slug == "check-in-header-invalid", "\(name): \(answer)")
                }
            }
        }
        let after = try await device.get("/device")
        #expect(after.json["tag"] as? String == "main" && after.json["target_name"] as? String == "lmp-42", "\(after)")
        #expect(FileManager.default.fileExists(atPath: "\(server.datadir)/updates/ci/x") == false)
    }
}
