import Foundation
import Testing

@Suite("Who a device is")
struct IdentityTests {
    @Test("The first contact pins the key; another key needs an operator's leave, and then replaces the first")
    func pinning() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let first = try await server.device("one")
        let second = try await server.device("one")
        #expect(try await first.get("/device").status == 200)
        for path in ["/device", "/repo/targets.json"] {
            let answer = try await second.get(path)
            #expect(answer.status == 403 && answer.slug == "device-key-changed")
        }
        #expect(try await first.get("/device").status == 200)
        let open = try KeptConnection(first)
        #expect(try await open.request("GET", "/device").status == 200)

        try await server.otaserve("devices", "allow-key", "one")
        #expect(try await first.get("/device").status == 200)
        let taken = try await second.get("/device")
        #expect(taken.status == 200)
        let file = try await Tool.check(["openssl", "x509", "-in", "\(second.folder)/client.pem", "-noout", "-pubkey"]).text
        #expect(taken.json["pubkey"] as? String == file)
        let old = try await first.get("/device")
        #expect(old.status == 403 && old.slug == "device-key-changed")
        #expect(try await open.request("GET", "/device").slug == "device-key-changed")

        // What is pinned outlives the process.
        await server.kill()
        try await server.launch()
        #expect(try await first.get("/device").slug == "device-key-changed")
        #expect(try await second.get("/device").status == 200)
    }

    @Test("A certificate that was renewed with the same key is the same device; its channel is the newest certificate's")
    func renewal() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let ci = try await server.device(ForgedCertificate(subject: "/CN=one/OU=test"))
        #expect(try await ci.get("/device").json["is_prod"] as? Bool == false)
        let device = try await server.device(
            ForgedCertificate(subject: "/CN=one/OU=test/businessCategory=production", key: "\(ci.folder)/pkey.pem"))
        let answer = try await device.get("/device")
        #expect(answer.status == 200 && answer.json["is_prod"] as? Bool == true, "\(answer)")
        let isStored = try await eventually { try await server.api("GET", "/v1/devices/one").json["isProd"] as? Bool == true }
        #expect(isStored)
        // Every handshake decides anew.
        #expect(try await ci.get("/device").json["is_prod"] as? Bool == false)
        // Only exactly this word means production.
        for word in ["Production", "productions", "prod", "PRODUCTION"] {
            let other = try await server.device(ForgedCertificate(subject: "/CN=\(word)/businessCategory=\(word)"))
            #expect(try await other.get("/device").json["is_prod"] as? Bool == false)
        }
    }

    @Test("With registration: preregistered only those are admitted whom an operator named")
    func preregistered() async throws {
        let server = try await TestServer.start(configuration: "registration: preregistered\n", samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        let connection = try KeptConnection(device)
        let refused = try await connection.request("GET", "/device")
        #expect(refused.status == 403 && refused.slug == "device-not-registered", "\(refused)")
        try await server.otaserve("devices", "preregister", "one", "two")
        #expect(try await connection.request("GET", "/device").status == 200)
        // The first key is pinned here too.
        #expect(try await server.device("one").get("/device").slug == "device-key-changed")
        #expect(try await server.device("three").get("/device").slug == "device-not-registered")
    }

    @Test("A denied device is refused on every route, also in the registry with its token, until it is undenied")
    func denied() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let url = try await device.send("POST", "/app-proxy-url", body: #""""#).text
        let token = url.split(separator: "?").last.map(String.init) ?? ""
        let blob = "/registry/v2/test/shellhttpd/blobs/sha256:\(try Sample.blobs().first ?? "")?\(token)"
        let anonymous = ["--http1.1", "--cacert", "\(device.folder)/root.crt", server.gateway + blob]
        #expect(try await Answer.of(curl: anonymous).status == 200)

        try await server.otaserve("devices", "deny", "one")
        for (method, path) in [
            ("GET", "/device"), ("GET", "/repo/targets.json"), ("GET", "/ostree/config"), ("POST", "/events"),
            ("PUT", "/system_info"), ("POST", "/app-proxy-url"), ("GET", "/config"), ("GET", "/nothing"), ("GET", blob),
        ] {
            let answer = try await device.request(method, path, method == "GET" ? [] : ["-d", "[]"])
            #expect(answer.status == 403 && answer.slug == "device-denied", "\(method) \(path): \(answer)")
        }
        let refused = try await Answer.of(curl: anonymous)
        #expect(refused.status == 403 && refused.slug == "device-denied")
        await server.kill()
        try await server.launch()
        #expect(try await device.get("/device").slug == "device-denied")

        try await server.otaserve("devices", "undeny", "one")
        #expect(try await device.get("/repo/targets.json").status == 200)
        let again = ["--http1.1", "--cacert", "\(device.folder)/root.crt", server.gateway + blob]
        #expect(try await Answer.of(curl: again).status == 200)
    }

    @Test("A first contact may carry a body: it is stored", arguments: ["--http1.1", "--http2"])
    func firstContactWithBody(version: String) async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        let body = #"{"hostname":"one","local_ipv4":"10.0.0.1","mac":"aa"}"#
        let answer = try await device.request("PUT", "/system_info/network", [version, "--data-binary", body])
        #expect(answer.status == 200, "\(answer)")
        #expect(FileManager.default.contents(atPath: "\(server.datadir)/devices/one/network-info") == Data(body.utf8))
    }
}
