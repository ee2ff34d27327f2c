import Foundation
import Testing

@Suite("Hostile requests")
struct HostileRequestTests {
    private static let digits = String(repeating: "0", count: 64)

    /// Paths that lead out of what a device may read, or look as if they did.
    private static let paths: [String] = {
        let climbs = [
            "..", "../..", "%2e%2e", "%2e%2e%2f", "..%2f", "..%2F..%2f", "%252e%252e%252f", "..%5c", "..\\", "%c0%ae%c0%ae", "%c0%af",
            "%e0%80%ae", "%ef%bc%8e%ef%bc%8e", "%u002e%u002e", "....//", "..;/", ".", "./", "%2e", "%00", "x%00.json", "%0a", "%0d%0aX:y",
            "%", "%2", "%zz",
        ]
        let targets = ["secret", "config.yaml", "updates/prod/prod/40/secret", "updates/ci/main/43/ostree_repo/secret"]
        var paths: [String] = []
        for climb in climbs {
            for root in ["/ostree/", "/repo/", "/ostree/objects/", "/tests/", "/registry/v2/"] {
                paths += ["\(root)\(climb)", "\(root)\(climb)/\(climb)/\(climb)/\(targets[paths.count % targets.count])"]
            }
        }
        return paths + [
            "//ostree/config", "/ostree//config", "/ostree/config/", "/OSTREE/config", "/ostree", "/ostree/", "/repo/", "/ostree/./config",
            "/ostree/.secret", "/ostree/objects/.secret", "/ostree/state/secret", "/ostree/tmp/secret", "/ostree/secret", "/ostree/.lock",
            "/ostree/state%2fsecret", "/ostree/objects%2f..%2fsecret", "/repo/secret", "/repo/bundle-targets.json",
            "/repo/1.root.json/../secret",
            "/repo/03.root.json", "/repo/0.root.json", "/repo/-1.root.json", "/repo/99999999999999999999.root.json", "/repo/3.root.json%00",
            "/apps/blobs/sha256/\(digits)", "/registry/v2/../blobs/sha256:\(digits)", "/registry/v2/a/../../blobs/sha256:\(digits)",
            "/registry/v2/a/blobs/sha256:../../../secret", "/registry/v2/a/blobs/sha256:\(digits)/../secret",
            "/registry/v2/a/blobs/sha512:\(digits)",
            "/registry/v2/a/blobs/sha256:\(digits.dropLast())", "/registry/v2/a/blobs/sha256:\(digits)0",
            "/registry/v2/a/blobs/sha256:\(digits.dropLast())G",
            "/registry/v2/a/blobs/sha256:\(digits.dropLast())A", "/registry/v2//blobs/sha256:\(digits)",
            "/registry/v2/.hidden/blobs/sha256:\(digits)",
            "/registry/v2/\(String(repeating: "a/", count: 400))blobs/sha256:\(digits)", "/registry/v2/", "/registry", "/v2/",
            "/ostree/\(String(repeating: "a/", count: 300))x", "/ostree/\(String(repeating: "a", count: 4000))", "/../../secret", "/.",
            "/..",
            "/%2e%2e/secret", "/db.sqlite", "/certs/root.key", "/devices/other/hardware-info", "/config.yaml", "*", "secret", "?",
            "/?/ostree/config",
            "https://localhost/secret", "http://localhost/ostree/secret", "//localhost/secret", "file:///etc/passwd",
            "/ostree/config#/../secret",
        ]
    }()

    @Test("No path leads to a file that is not the device's own, over either protocol")
    func traversal() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let marker = try Self.plant(in: server)
        #expect(Self.paths.count > 300)
        // Pipelined on few connections: each request must be answered, none with what it asked for.
        for chunk in stride(from: 0, to: Self.paths.count, by: 60).map({ Self.paths[$0..<min($0 + 60, Self.paths.count)] }) {
            for path in chunk where path.contains(where: { $0 == " " || !$0.isASCII }) { Issue.record("\(path) is no request target") }
            let text = chunk.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined()
            let answer = try await device.raw(text + "GET /device HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if answer.hasSuffix("}") || answer.contains(#""uuid":"one""#) {
                #expect(answer.components(separatedBy: "HTTP/1.1 200 OK").count == 2, "\(answer.prefix(3000))")
                continue
            }
            // The parser refused one of them and closed: then one by one.
            for path in chunk {
                let single = try await device.raw("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                #expect(single.hasPrefix("HTTP/1.1 4") && !single.contains(marker), "\(path): \(single.prefix(300))")
            }
        }
        for group in stride(from: 0, to: Self.paths.count, by: 50).map({ Self.paths[$0..<min($0 + 50, Self.paths.count)] }) {
            // curl does not send a target that has no leading slash: those are for the raw connection alone.
            let urls = group.filter { $0.hasPrefix("/") && !$0.contains("#") }.flatMap { ["-o", "-", server.gateway + $0] }
            let outcome = try await Tool.run(
                ["curl", "--globoff", "-sS", "--http2", "--path-as-is", "--cacert", "\(device.folder)/root.crt", "-w", "\n%{http_code}\n"]
                    + device.certificateOptions + urls)
            let codes = outcome.lines.filter { $0.count == 3 && Int($0) != nil }
            #expect(codes.count == urls.count / 3 && codes.allSatisfy { $0.hasPrefix("4") }, "\(codes)")
            #expect(!outcome.text.contains(marker))
        }
        #expect(try await device.get("/repo/targets.json").status == 200)
        #expect(!server.logText.contains(marker))
    }

    /// Requests that are no proper HTTP, or try what another reader of the same bytes would read otherwise.
    private static let requests: [(name: String, text: String)] = {
        func get(_ head: String, _ rest: String = "") -> String { "GET /ostree/nothing HTTP/1.1\r\nHost: x\r\n\(head)\r\n\(rest)" }
        func put(_ head: String, _ rest: String = "") -> String { "PUT /ecus HTTP/1.1\r\nHost: x\r\n\(head)\r\n\(rest)" }
        let smuggled = "GET /device HTTP/1.1\r\nHost: x\r\nX-Smuggled: yes\r\n\r\n"
        let methods = [
            "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "PROPFIND", "get", "G\0ET", "FOO", "PRI", "",
            String(repeating: "A", count: 300),
        ]
        return methods.map { ("method \($0)", "\($0) /repo/targets.json HTTP/1.1\r\nHost: x\r\n\r\n") } + [
            ("two lengths", put("Content-Length: 4\r\nContent-Length: 5\r\n", "abcd\(smuggled)")),
            ("two equal lengths", put("Content-Length: 4\r\nContent-Length: 4\r\n", "abcd\(smuggled)")),
            ("a list of lengths", put("Content-Length: 4, 4\r\n", "abcd\(smuggled)")),
            ("length and chunks", put("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n\(smuggled)")),
            ("chunks and length", put("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n\(smuggled)")),
            ("unknown coding", put("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n\(smuggled)")),
            ("chunked not last", put("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n\(smuggled)")),
            ("coding with a tab", put("Transfer-Encoding:\u{b}chunked\r\n", "0\r\n\r\n\(smuggled)")),
            ("space before the colon", put("Transfer-Encoding : chunked\r\n", "0\r\n\r\n\(smuggled)")),
            ("folded field", put("X: y\r\n Content-Length: 4\r\n", "abcd\(smuggled)")),
            ("negative length", put("Content-Length: -1\r\n", smuggled)),
            ("signed length", put("Content-Length: +4\r\n", "abcd\(smuggled)")),
            ("hexadecimal length", put("Content-Length: 0x4\r\n", "abcd\(smuggled)")),
            ("huge length", put("Content-Length: 99999999999999999999\r\n")),
            ("largest length", put("Content-Length: 9223372036854775807\r\n")),
            ("length of letters", put("Content-Length: four\r\n", smuggled)),
            ("chunk size with sign", put("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n\(smuggled)")),
            ("chunk size too large", put("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n\(smuggled)")),
            ("chunk size of letters", put("Transfer-Encoding: chunked\r\n", "zz\r\n\(smuggled)")),
            ("chunk longer than said", put("Transfer-Encoding: chunked\r\n", "1\r\nabcdef\r\n0\r\n\r\n\(smuggled)")),
            ("NUL in a field", get("X-Ats-Target: a\0b\r\n")), ("NUL in a name", get("X\0: y\r\n")),
            ("NUL in the target", "GET /ostree/\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
            ("bare CR in a field", get("X: a\rb: c\r\n")), ("control in a field", get("X-Ats-Tags: a\u{1}b\r\n")),
            ("name with space", get("X y: z\r\n")),
            ("no colon", get("nonsense\r\n")), ("empty name", get(": x\r\n")), ("two hosts", get("Host: y\r\n")),
            ("large field", get("X: \(String(repeating: "a", count: 20_000))\r\n")),
            ("many fields", get((1...300).map { "X-\($0): y\r\n" }.joined())),
            ("large name", get("\(String(repeating: "X", count: 20_000)): y\r\n")),
            ("large target", "GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: x\r\n\r\n"),
            ("large fields", get((1...40).map { "X-\($0): \(String(repeating: "y", count: 500))\r\n" }.joined())),
            ("upgrade", "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
            ("prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            ("version 9", "GET /nothing HTTP/9.9\r\nHost: x\r\n\r\n"), ("no version", "GET /nothing\r\n\r\n"),
            ("space in the target", "GET /ostree/a b HTTP/1.1\r\nHost: x\r\n\r\n"),
            ("not HTTP", "\u{1}\u{2}\u{3}\r\n\r\n"), ("TLS in TLS", "\u{16}\u{3}\u{1}\r\n\r\n"),
            ("no host, bad tag", "GET /nothing HTTP/1.1\r\nx-ats-tags: ../x\r\n\r\n"),
        ]
    }()

    @Test("What is no proper request gets a 4xx or no answer, hides no second request, and harms nobody else")
    func malformed() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        #expect(Self.requests.count >= 50)
        let last = "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        await withTaskGroup(of: Void.self) { group in
            for (index, (name, text)) in Self.requests.enumerated() {
                if index >= 4 { await group.next() }
                group.addTask {
                    // The last one ends the connection when the one before it did not.
                    let answer = (try? await device.raw(text + last)) ?? "failed"
                    let codes = answer.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
                    #expect(codes.allSatisfy { $0.hasPrefix("4") }, "\(name): \(answer.prefix(500))")
                    #expect(answer == "" || answer.hasPrefix("HTTP/1.1 4"), "\(name): \(answer.prefix(500))")
                    #expect(!answer.contains(#""uuid""#), "\(name) smuggled a request: \(answer.prefix(500))")
                }
            }
        }
        #expect(try await device.get("/repo/targets.json").status == 200)
        let device2 = try await device.get("/device")
        #expect(device2.json["tag"] as? String == "main" && device2.json["target_name"] as? String == "")
        #expect(!server.logText.contains("smuggled"))
    }

    /// Puts files with a secret around the device's update and returns the secret.
    static func plant(in server: TestServer) throws -> String {
        let marker = "SECRET-\(UUID().uuidString)"
        let manager = FileManager.default
        for folder in [
            "", "updates", "updates/ci", "updates/ci/main", "updates/ci/main/42", "updates/ci/main/42/ostree_repo",
            "updates/ci/main/42/tuf",
            "updates/ci/main/42/ostree_repo/state", "updates/ci/main/42/ostree_repo/tmp", "updates/ci/main/42/apps",
            "updates/ci/main/43/ostree_repo",
            "updates/ci/main/43/tuf", "updates/prod/prod/40", "devices/other", "certs",
        ] {
            let path = "\(server.datadir)/\(folder)"
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
            for name in ["secret", ".secret", "config.yaml", ".lock"] {
                try marker.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
            }
        }
        try marker.write(toFile: "\(server.update())/ostree_repo/objects/.secret", atomically: false, encoding: .utf8)
        try marker.write(toFile: "\(server.update())/apps/blobs/sha256/secret", atomically: false, encoding: .utf8)
        return marker
    }
}
