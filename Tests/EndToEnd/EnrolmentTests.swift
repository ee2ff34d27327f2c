import Foundation
import Testing

@Suite("Existing agents enrol")
struct EnrolmentTests {
    private static let configuration = """
        registration: preregistered
        enrolment-address: 127.0.0.1:0
        enrolment-broker: broker.example.com:8883
        enrolment-rate: 1000
        enrolment-rate-per-address: 1000
        """

    /// What an agent sends: its model and its serial assertion, with a blank line between.
    private static func body(serial: String = "0017", model: String = "pump-24", key: String = one) -> String {
        """
        type: model\nauthority-id: acme\nseries: 16\nbrand-id: acme\nmodel: pump-24\nsnaps:\n  -\n    name: pc\n    type: gadget
        sign-key-sha3-384: x\n\nAcLBc2lnbmF0dXJl\n
        type: serial\nauthority-id: acme\nbrand-id: acme\nmodel: \(model)\nserial: \(serial)\ndevice-key:\n    \(key)
        sign-key-sha3-384: x\n\nAcLBc2lnbmF0dXJl\n
        """
    }

    private static let one = """
        AWEga2V5IG9mIHRoZSB0ZXN0czogb25l
        device-key-sha3-384: PmRP7zW2VVlfX47NxF5AE47IeNy4Fgy4FOR_OanQh2k-TW1JeVLtSUpDfwraGup9
        """
    private static let two = """
        AWEga2V5IG9mIHRoZSB0ZXN0czogdHdv
        device-key-sha3-384: 4YNx0Hzf9d4ma6-rOTB9O49Ux2VWc78E71410qgt8OKUYyuo7ZXPI2HXMrEh9K0o
        """

    private static func enrol(_ server: TestServer, _ body: String, _ options: [String] = []) async throws -> Answer {
        let file = "\(server.datadir)/request-\(UUID().uuidString)"
        try body.write(toFile: file, atomically: true, encoding: .utf8)
        return try await Answer.of(
            curl: ["--cacert", "\(server.datadir)/certs/root.crt", "-H", "Content-Type: application/x.ubuntu.assertion"] + options
                + ["--data-binary", "@\(file)", "\(server.enrolment)/v1/device/enroll"])
    }

    /// The device that has what the answer holds.
    private static func device(_ answer: Answer, of server: TestServer) throws -> TestDevice {
        let enrollment = try #require(answer.json["enrollment"] as? [String: Any])
        let credentials = try #require(enrollment["credentials"] as? [String: Any])
        let organization = try #require(enrollment["organization"] as? [String: Any])
        let folder = "\(server.datadir)/enrolled-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in [
            ("pkey.pem", credentials["privateKey"]), ("client.pem", credentials["certificate"]), ("root.crt", organization["rootcert"]),
        ] {
            let data = try #require((text as? String).flatMap { Data(base64Encoded: $0) })
            try data.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        return TestDevice(server: server, uuid: try #require(enrollment["id"] as? String), folder: folder)
    }

    @Test("without enrolment-address there is no listener, and nothing of it is on the other ones")
    func absent() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await device.send("POST", "/v1/device/enroll", body: Self.body()).status == 404)
        #expect(try await server.api("POST", "/v1/device/enroll", body: "x").status == 404)
        #expect(!server.logText.contains("enrolment"))
    }

    @Test("a listener without a broker, or with half a certificate, does not start and says what is missing")
    func misconfigured() async throws {
        for (more, word) in [
            ("", "enrolment-broker"), ("enrolment-broker: b:1\nenrolment-key: k\n", "go together"), ("enrolment-rate: 0\n", "1 to 10000"),
        ] {
            let error = await #expect(throws: TestServer.NotStarted.self) {
                try await TestServer.start(configuration: "enrolment-address: 127.0.0.1:0\n" + more, samples: false)
            }
            #expect(error?.log.contains(word) == true, "\(error?.log ?? "")")
        }
    }

    @Test("bodies that are no two assertions of one device are refused in the agents' own form")
    func malformed() async throws {
        let server = try await TestServer.start(configuration: Self.configuration, samples: false)
        defer { server.stop() }
        try await server.otactl("enrolments", "add", "--brand", "acme", "--model", "pump-24", "--serial", "0017")
        for body in [
            "", "{}", "\u{0}\u{1}", "type: model\n", Self.body(model: "pump-25"), Self.body(serial: "a/b"),
            Self.body() + "\n" + Self.body(),
            Self.body().replacingOccurrences(of: "PmRP", with: "AAAA"),
        ] {
            let answer = try await Self.enrol(server, body)
            #expect(answer.status == 400 && (answer.json["code"] as? String)?.isEmpty == false, "\(answer)")
            #expect((answer.json["message"] as? String)?.isEmpty == false && answer.json["enrollment"] == nil)
        }
        let long = try await Self.enrol(server, String(repeating: "a", count: 200_000))
        #expect(long.status == 413 && long.json["code"] as? String == "body-too-large")
        let chunked = try await Self.enrol(server, String(repeating: "a", count: 200_000), ["-H", "Transfer-Encoding: chunked"])
        #expect(chunked.status == 413)
        #expect(try await Self.enrol(server, Self.body()).status == 200)
    }

    @Test("a device that was named enrols with unknown headers, and the gateway serves it with what it got")
    func enrols() async throws {
        let server = try await TestServer.start(configuration: Self.configuration, samples: false)
        defer { server.stop() }
        #expect(try await Self.enrol(server, Self.body()).status == 403)
        try await server.otactl(
            "enrolments", "add", "--brand", "acme", "--model", "pump-24", "--serial", "0017", "--device-id", "pump-17", "--organization",
            "Works",
            "--prod")
        let answer = try await Self.enrol(
            server, Self.body(), ["-H", "X-Agent: 9", "-H", "Authorization: none", "-H", "Content-Encoding: x"])
        #expect(answer.status == 200 && answer.json["code"] as? String == "" && answer.headers["cache-control"] == "no-store")
        let enrollment = try #require(answer.json["enrollment"] as? [String: Any])
        #expect(enrollment["id"] as? String == "pump-17" && enrollment["status"] as? Int == 2)
        let credentials = try #require(enrollment["credentials"] as? [String: Any])
        #expect(credentials["mqttUrl"] as? String == "broker.example.com" && credentials["mqttPort"] as? String == "8883")
        #expect((enrollment["organization"] as? [String: Any])?["name"] as? String == "Works")
        #expect((enrollment["device"] as? [String: Any])?["serial"] as? String == "0017")

        let device = try Self.device(answer, of: server)
        #expect(try await device.get("/device").status == 200)
        #expect(try await server.api("GET", "/v1/devices/pump-17").json["isProd"] as? Bool == true)
        // Enrolled, and used: whoever comes now is refused, and is told no more than a device that nobody knows.
        for body in [Self.body(), Self.body(key: Self.two), Self.body(serial: "9999")] {
            let refused = try await Self.enrol(server, body)
            #expect(refused.status == 403 && refused.json["code"] as? String == "enrolment-refused")
            #expect(refused.text == (try await Self.enrol(server, Self.body(serial: "9998"))).text)
        }
        #expect(server.logText.contains("enrolment_unsigned"))
        #expect(server.logText.contains("enrolment-done") && server.logText.contains("enrolment-unknown"))
        let list = try await server.otactl("enrolments", "list")
        #expect(list.contains("pump-17") && list.contains("enrolled"))
        #expect(try await server.otaserve("audit", "show").contains("pump-17 acme/pump-24/0017"))
        // Nothing that was given is kept or logged.
        let key = try #require(credentials["privateKey"] as? String)
        let database = FileManager.default.contents(atPath: "\(server.datadir)/db.sqlite") ?? Data()
        let journal = FileManager.default.contents(atPath: "\(server.datadir)/db.sqlite-wal") ?? Data()
        let pem = try #require(Data(base64Encoded: key).map { String(decoding: $0, as: UTF8.self) })
        let line = try #require(pem.split(separator: "\n").dropFirst().first)
        for place in [server.logText, String(decoding: database, as: UTF8.self), String(decoding: journal, as: UTF8.self)] {
            #expect(!place.contains(line) && !place.contains(key))
        }

        try await server.otactl("enrolments", "reset", "pump-17")
        let again = try Self.device(try await Self.enrol(server, Self.body(key: Self.two)), of: server)
        #expect(try await again.get("/device").status == 200)
        #expect(try await device.get("/device").slug == "device-key-changed")
        try await server.otactl("enrolments", "remove", "pump-17")
        #expect(try await again.get("/device").status == 200)
    }

    @Test("a device whose answer was lost gets another one, also after the server was killed, and the first is worth nothing then")
    func lostAnswer() async throws {
        let server = try await TestServer.start(configuration: Self.configuration, samples: false)
        defer { server.stop() }
        try await server.otactl("enrolments", "add", "--brand", "acme", "--model", "pump-24", "--serial", "0017")
        let first = try Self.device(try await Self.enrol(server, Self.body()), of: server)
        await server.kill()
        try await server.launch()
        #expect(try await Self.enrol(server, Self.body(key: Self.two)).status == 403)
        let second = try Self.device(try await Self.enrol(server, Self.body()), of: server)
        #expect(second.uuid == "0017")
        #expect(try await first.get("/device").slug == "device-key-changed")
        #expect(try await second.get("/device").status == 200)
        #expect(try await Self.enrol(server, Self.body()).status == 403)
    }

    @Test("with the brand's key in enrolment-keys only what the brand signed enrols, and a folder without keys stops the start")
    func signed() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brand-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (brand, stranger) = (
            try await AssertionSigner.make(in: "\(folder)/brand"), try await AssertionSigner.make(in: "\(folder)/stranger")
        )
        try FileManager.default.createDirectory(atPath: "\(folder)/keys", withIntermediateDirectories: true)
        let configuration = Self.configuration + "\nenrolment-keys: \(folder)/keys\n"
        let error = await #expect(throws: TestServer.NotStarted.self) {
            try await TestServer.start(configuration: configuration, samples: false)
        }
        #expect(error?.log.contains("enrolment-keys-unusable") == true)
        try brand.accountKey.write(toFile: "\(folder)/keys/acme.assert", atomically: true, encoding: .utf8)
        let server = try await TestServer.start(configuration: configuration, samples: false)
        defer { server.stop() }
        try await server.otactl("enrolments", "add", "--brand", "acme", "--model", "pump-24", "--serial", "0017")
        let model = "type: model\nauthority-id: acme\nseries: 16\nbrand-id: acme\nmodel: pump-24"
        let serial = "type: serial\nauthority-id: acme\nbrand-id: acme\nmodel: pump-24\nserial: 0017\ndevice-key:\n    \(Self.one)"
        for (first, second) in [(stranger, brand), (brand, stranger)] {
            let answer = try await Self.enrol(server, first.sign(model) + "\n" + second.sign(serial))
            #expect(answer.status == 400 && answer.json["code"] as? String == "assertion-signature-invalid")
        }
        #expect(try await Self.enrol(server, Self.body()).status == 400)
        let right = try await brand.sign(model) + "\n" + brand.sign(serial)
        #expect(try await Self.enrol(server, right.replacingOccurrences(of: "series: 16", with: "series: 17")).status == 400)
        #expect(try await Self.enrol(server, right).status == 200)
        #expect(!server.logText.contains("enrolment_unsigned"))
    }

    @Test("who asks too often is told when to come again, and there is nothing else on the listener")
    func rate() async throws {
        let server = try await TestServer.start(
            configuration: Self.configuration.replacingOccurrences(of: "per-address: 1000", with: "per-address: 2"), samples: false)
        defer { server.stop() }
        // A minute may end between the requests: of seven, three at least are in one that is full.
        var answers: [Answer] = []
        for _ in 0..<7 { answers.append(try await Self.enrol(server, "x")) }
        let refused = answers.filter { $0.status == 429 }
        #expect(refused.count >= 3 && answers.first?.status == 400)
        #expect(refused.allSatisfy { $0.json["code"] as? String == "too-many-requests" })
        #expect(refused.allSatisfy { (1...60).contains(Int($0.headers["retry-after"] ?? "") ?? 0) })
        for (method, path) in [("GET", "/v1/device/enroll"), ("POST", "/v1/device"), ("GET", "/v1/devices/x"), ("GET", "/")] {
            let answer = try await Answer.of(
                curl: ["--cacert", "\(server.datadir)/certs/root.crt", "-X", method, "\(server.enrolment)\(path)"])
            #expect(answer.status == 404 && answer.json["code"] as? String == "route-unknown", "\(method) \(path): \(answer)")
        }
        let plain = try await Answer.of(curl: [server.enrolment.replacingOccurrences(of: "https", with: "http") + "/v1/device/enroll"])
        #expect(plain.status == 0)
    }
}
