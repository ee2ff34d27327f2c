import Foundation
import Testing

@Suite("The app registry")
struct RegistryTests {
    @Test("Every blob is served without a certificate, as manifest and as blob, whole and in part")
    func blobs() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let (base, token) = try await Self.proxyURL(device)
        for digest in try Sample.blobs() {
            let file = try #require(Sample.file("apps/blobs/sha256/\(digest)"))
            let manifest = try? JSONSerialization.jsonObject(with: file) as? [String: Any]
            let type = manifest?["mediaType"] as? String ?? "application/octet-stream"
            for kind in ["manifests", "blobs"] {
                let url = "\(base)/v2/test/shellhttpd/\(kind)/sha256:\(digest)?\(token)"
                let answer = try await Self.anonymous(device, url)
                #expect(answer.status == 200 && answer.version == "1.1" && answer.body == file, "\(url): \(answer)")
                #expect(try await Self.sha256(answer.body) == digest)
                #expect(answer.headers["content-type"] == type && answer.headers["content-length"] == "\(file.count)")
                #expect(answer.headers["docker-content-digest"] == "sha256:\(digest)")
                let head = try await Self.anonymous(device, url, ["--head"])
                #expect(head.status == 200 && head.headers["content-length"] == "\(file.count)")
                #expect(head.headers["content-type"] == type && head.headers["docker-content-digest"] == "sha256:\(digest)")
                guard file.count > 1 else { continue }
                let part = try await Self.anonymous(device, url, ["-H", "Range: bytes=1-"])
                #expect(part.status == 206 && part.body == file.dropFirst(1), "\(url): \(part)")
            }
        }
        // Names have any number of components; what is not in this update is absent.
        let digest = "sha256:\(try Sample.blobs()[0])"
        for name in ["a", "a/b", "a/b/c", "test/shellhttpd"] {
            #expect(try await Self.anonymous(device, "\(base)/v2/\(name)/blobs/\(digest)?\(token)").status == 200)
        }
        #expect(try await Self.anonymous(device, "\(base)/v2/a/blobs/\(digest)?x=y&\(token)&z").status == 200)
        let absent = "sha256:" + String(repeating: "0", count: 64)
        #expect(try await Self.anonymous(device, "\(base)/v2/a/blobs/\(absent)?\(token)").status == 404)
        let refused = try await Self.anonymous(device, "\(base)/v2/a/blobs/\(digest)")
        #expect(refused.status == 403 && refused.headers["www-authenticate"] == nil)
        // Methods that write are not taken.
        #expect(try await Self.anonymous(device, "\(base)/v2/a/blobs/\(digest)?\(token)", ["-X", "DELETE"]).status == 405)
    }

    @Test("A token is its device's alone, is good after a restart, dies with the device's key, and is never in the log")
    func token() async throws {
        let server = try await TestServer.start(configuration: "log-level: trace\n")
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let other = try await server.assignedDevice("two", update: "43")
        let (_, token) = try await Self.proxyURL(device)
        let (_, foreign) = try await Self.proxyURL(other)
        let only42 = try #require(try Set(Sample.blobs()).subtracting(Sample.blobs(of: "ci/main/43")).first)
        let path = "/registry/v2/test/shellhttpd/blobs/sha256:\(only42)?"
        #expect(try await Self.anonymous(device, server.gateway + path + token).status == 200)
        #expect(try await Self.anonymous(device, server.gateway + path + foreign).status == 404)
        // With a certificate, the token must be of the same device.
        #expect(try await device.get(path + token).status == 200)
        #expect(try await other.get(path + token).slug == "registry-token-invalid")

        // The claim and its seal are checked, byte for byte.
        let text = token.dropFirst("token=".count)
        let parts = text.split(separator: ".")
        for altered in [
            "\(parts[0])", "\(parts[0]).", ".\(parts[1])", "\(parts[1]).\(parts[0])", "\(text)x", "x\(text)",
            "\(parts[0]).\(parts[1]).\(parts[1])",
            "\(parts[0]).\(String(repeating: "A", count: parts[1].count))", String(repeating: "A", count: 4000),
        ] {
            let answer = try await Self.anonymous(device, "\(server.gateway)\(path)token=\(altered)")
            #expect(answer.status == 403 && answer.slug == "registry-token-invalid", "\(altered): \(answer)")
        }

        await server.kill()
        let log = server.logText
        try await server.launch()
        #expect(try await Self.anonymous(device, server.gateway + path + token).status == 200)
        try await server.otaserve("devices", "allow-key", "one")
        #expect(try await server.device("one").get("/device").status == 200)
        #expect(try await Self.anonymous(device, server.gateway + path + token).slug == "registry-token-invalid")
        try await server.otaserve("devices", "delete", "two")
        #expect(try await Self.anonymous(device, server.gateway + path + foreign).status == 403)

        #expect(!log.isEmpty)
        for secret in [token, foreign].flatMap({ $0.dropFirst(6).split(separator: ".") }) {
            #expect(!(log + server.logText).contains(secret))
        }
    }

    @Test("The URL is made of the host that was asked, or refused")
    func proxyURL() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        for host in ["localhost", "ota.example:8443", "[::1]:8443", "10.0.0.1"] {
            let answer = try await device.request("POST", "/app-proxy-url", ["-H", "Host: \(host)", "-d", #""""#])
            #expect(answer.status == 201 && answer.text.hasPrefix("https://\(host)/registry?token="), "\(answer)")
        }
        for host in ["a b", "a/b", "a@b", "a?b", "a#b", "\"", "a\tb", "é"] {
            let answer = try await device.request("POST", "/app-proxy-url", ["--http1.1", "-H", "Host: \(host)", "-d", #""""#])
            #expect(answer.status == 400, "\(host): \(answer)")
        }
    }

    /// The registry's URL and its query, as a device gets them.
    static func proxyURL(_ device: TestDevice) async throws -> (base: String, token: String) {
        let answer = try await device.send("POST", "/app-proxy-url", body: #""""#)
        #expect(answer.status == 201 && answer.headers["content-type"]?.hasPrefix("text/plain") == true)
        let parts = answer.text.components(separatedBy: "?")
        #expect(parts.count == 2 && parts[0] == "\(device.server.gateway)/registry" && parts.last?.hasPrefix("token=") == true)
        return (parts[0], parts.last ?? "")
    }

    /// As the app tool asks: without a certificate, over HTTP/1.1.
    static func anonymous(_ device: TestDevice, _ url: String, _ options: [String] = []) async throws -> Answer {
        try await Answer.of(curl: ["--http1.1", "--cacert", "\(device.folder)/root.crt"] + options + [url])
    }

    private static func sha256(_ data: Data) async throws -> String {
        String(try await Tool.check(["sha256sum"], input: data).text.prefix(64))
    }
}
