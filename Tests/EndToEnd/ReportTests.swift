import Foundation
import Testing

@Suite("What a device sends")
struct ReportTests {
    @Test("Reports are stored byte for byte, with any framing, over both protocols")
    func reports() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        let folder = "\(server.datadir)/devices/one"
        let hardware = "{\"lshw\":\"\(String(repeating: "äx", count: 170_000))\"}"
        #expect(hardware.utf8.count > 500_000)
        let bodies = [
            ("/system_info", "hardware-info", hardware), ("/system_info/network", "network-info", #"{"hostname":"one","mac":"aa"}"#),
            ("/system_info/config", "aktoml", "[tls]\npin = \"1234\"\n"),
        ]
        for (number, options) in [
            ["--http1.1"], ["--http2"], ["--http1.1", "-H", "Transfer-Encoding: chunked"], ["--http1.1", "-H", "Expect: 100-continue"],
            ["--http1.1", "-H", "Connection: close"], ["--http2", "-H", "Content-Length:"], ["--tls-max", "1.2"],
        ].enumerated() {
            for (path, file, text) in bodies {
                let body = Data("\(text)\n\(number)".utf8)
                try body.write(to: URL(fileURLWithPath: "\(device.folder)/body"))
                let answer = try await device.request("PUT", path, options + ["--data-binary", "@\(device.folder)/body"])
                #expect(answer.status == 200 && answer.body.isEmpty, "\(options) \(path): \(answer)")
                #expect(FileManager.default.contents(atPath: "\(folder)/\(file)") == body, "\(options) \(path)")
            }
        }
        // The PIN is for nobody's eyes.
        let shown = try await server.api("GET", "/v1/devices/one/files/aktoml").text
        #expect(shown.contains("tls") && !shown.contains("1234"))

        let lenient = #"{"deviceTime":"2026-01-01T00:00:00Z","ostree":"abc","apps":{"a":null,"b":{"state":"x"}},"more":[1,null]}"#
        #expect(try await device.send("POST", "/apps-states", body: lenient).status == 200)
        let stored = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("apps-states-") }
        #expect(stored.count == 1)
        #expect(FileManager.default.contents(atPath: "\(folder)/\(stored.first ?? "")") == Data(lenient.utf8))
    }

    @Test("A body beyond a route's limit is answered with 413, one that cannot be read with 400, and nothing is stored")
    func limits() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await device.get("/device").status == 200)
        let limits: [(method: String, path: String, limit: Int)] = [
            ("PUT", "/system_info", 2 << 20), ("PUT", "/system_info/network", 16 << 10), ("PUT", "/system_info/config", 128 << 10),
            ("POST", "/events", 256 << 10), ("POST", "/apps-states", 128 << 10), ("POST", "/app-proxy-url", 1 << 10),
            ("POST", "/ostree/download-urls", 1 << 10), ("PUT", "/ecus", 64 << 10), ("POST", "/tests", 64 << 10),
            ("PUT", "/tests/a", 256 << 10),
            ("PUT", "/tests/a/file", 8 << 20),
        ]
        let file = "\(device.folder)/body"
        for (method, path, limit) in limits {
            try Data(repeating: UInt8(ascii: "1"), count: limit + 1).write(to: URL(fileURLWithPath: file))
            for options in [
                ["--http1.1"], ["--http1.1", "-H", "Transfer-Encoding: chunked"], ["--http1.1", "-H", "Expect:"], ["--http2"],
            ] {
                let answer = try await device.request(method, path, options + ["--data-binary", "@\(file)"])
                #expect(answer.status == 413 && answer.slug == "body-too-large", "\(method) \(path) \(options): \(answer)")
            }
        }
        let malformed: [(String, String, String)] = [
            ("PUT", "/system_info", ""), ("PUT", "/system_info/config", ""), ("POST", "/events", ""), ("POST", "/events", "{}"),
            ("POST", "/events", "[{"), ("POST", "/apps-states", ""), ("POST", "/apps-states", "[]"), ("POST", "/tests", "nonsense"),
        ]
        for version in ["--http1.1", "--http2"] {
            for (method, path, body) in malformed {
                let answer = try await device.request(method, path, [version, "--data-binary", body])
                #expect(answer.status == 400, "\(method) \(path) \(body): \(answer)")
            }
            try Data([0xff, 0xfe, 0x00]).write(to: URL(fileURLWithPath: file))
            #expect(try await device.request("PUT", "/system_info", [version, "--data-binary", "@\(file)"]).status == 400)
        }
        // Neither a length nor chunks: there is no body.
        let none = try await device.raw("PUT /system_info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(none.hasPrefix("HTTP/1.1 400"), "\(none)")
        // Cut off in the middle: nothing of it is kept.
        _ = try await Tool.run(
            [
                "bash", "-c",
                "printf 'PUT /system_info HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 100\\r\\n\\r\\n{}' | timeout 2 openssl s_client -quiet"
                    + " -connect 127.0.0.1:\(server.port) -cert \(device.folder)/client.pem -key \(device.folder)/pkey.pem 2>/dev/null",
            ])
        let left = (try? FileManager.default.contentsOfDirectory(atPath: "\(server.datadir)/devices/one")) ?? []
        #expect(left == [])
        #expect(try await device.get("/device").status == 200)
    }

    @Test("Whoever asks to continue is told so, or gets the refusal in place of it")
    func continuing() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await device.get("/device").status == 200)
        func head(_ path: String, _ length: Int) -> String {
            "PUT \(path) HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
        }
        let body = #"{"hostname":"one"}"#
        let taken = try await device.raw(
            head("/system_info/network", body.utf8.count) + body + "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(taken.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n") && taken.contains("HTTP/1.1 404"), "\(taken)")
        // Refused at once, and the connection ends: nobody can tell whether the body still comes.
        let tooLong = try await device.raw(head("/system_info/network", 1 << 20))
        #expect(tooLong.hasPrefix("HTTP/1.1 413") && tooLong.contains("connection: close"), "\(tooLong)")
        let unknown = try await device.raw(head("/nothing", 10))
        #expect(unknown.hasPrefix("HTTP/1.1 404") && unknown.contains("connection: close"), "\(unknown)")
    }

    @Test("The routes that old clients use answer as those expect")
    func otherRoutes() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        for version in ["--http1.1", "--http2"] {
            func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> Answer {
                try await device.request(method, path, [version] + (body.map { ["--data-binary", $0] } ?? []))
            }
            #expect(try await call("POST", "/ostree/download-urls", "null").status == 204)
            #expect(try await call("PUT", "/ecus", #"{"primary_ecu_serial":"x"}"#).status == 200)
            #expect(try await call("GET", "/hub-creds/").status == 404)
            #expect(try await call("GET", "/config").status == 204)
            let info = try await call("GET", "/device")
            #expect(
                info.json["Name"] as? String == "one" && info.json["name"] as? String == "one" && info.json["factory"] as? String == "test")
            #expect(
                Set(info.json.keys).isSuperset(of: ["owner", "repo_id", "created_at", "last_seen", "pubkey", "group_name", "docker_apps"]))

            let started = try await call("POST", "/tests", #"{"name":"smoke"}"#)
            #expect(started.status == 201 && started.text.count > 8)
            let id = started.text
            let finished = try await call("PUT", "/tests/\(id)", #"{"status":"PASSED","artifacts":["log.txt","../x"]}"#)
            #expect(finished.status == 200 && finished.json.count == 1)
            let upload = (finished.json["log.txt"] as? [String: Any])?["url"] as? String ?? ""
            #expect(upload == "\(server.gateway)/tests/\(id)/log.txt")
            #expect(try await device.request("PUT", upload, [version, "--data-binary", "all well"]).status == 200)
            let folder = "\(server.datadir)/devices/one/tests/\(id)"
            #expect(FileManager.default.contents(atPath: "\(folder)/log.txt") == Data("all well".utf8))
            #expect(
                String(decoding: FileManager.default.contents(atPath: "\(folder)/test.json") ?? Data(), as: UTF8.self).contains("PASSED"))
            for path in ["/tests/\(id)/test.json", "/tests/\(id)/.x", "/tests/\(id)/a%2fb", "/tests/-x", "/tests/", "/tests/a/b/c"] {
                #expect(try await call("PUT", path, "{}").status == 404, "\(path)")
            }
            for (method, path) in [("POST", "/device"), ("GET", "/events"), ("PUT", "/repo/targets.json"), ("POST", "/ostree/config")] {
                #expect(try await call(method, path, "x").status == 405, "\(method) \(path)")
            }
        }
    }
}
