import BrokerSupport
import Foundation
import MQTT
import Testing

/// The broker that `otaserve mqtt broker-config` describes, with certificates of `otaserve pki`.
@Suite(.timeLimit(.minutes(2))) struct BrokerConfigTests {
    /// A data directory with certificates and a folder for the broker.
    private struct Installation {
        let datadir = FileManager.default.temporaryDirectory.appendingPathComponent("otaserve-\(UUID().uuidString)").path
        var folder: String { "\(datadir)/broker" }

        init() async throws {
            try FileManager.default.createDirectory(atPath: datadir, withIntermediateDirectories: true)
            try await run("pki", "init", "--dnsname", "localhost", "--factory", "test")
        }

        @discardableResult
        func run(_ arguments: String...) async throws -> String {
            try await Tool.check([Binaries.otaserve, "--datadir", datadir] + arguments).text
        }

        func tryConfig(_ arguments: String...) async throws -> Tool.Outcome {
            try await Tool.run([Binaries.otaserve, "--datadir", datadir, "mqtt", "broker-config", "--out", folder] + arguments)
        }

        func content(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

        /// Starts the broker with the very files.
        func broker() async throws -> TestBroker {
            let first = try await tryConfig("--listen", "127.0.0.1", "--persistence", datadir)
            guard first.status == 0 else { throw Tool.Failure(command: ["broker-config"], outcome: first) }
            let text = try content("mosquitto.conf")
            return try await TestBroker.start { port, _ in
                text.replacingOccurrences(of: "listener 8883 ", with: "listener \(port) ")
            }
        }

        func device(_ id: String) async throws -> String {
            let out = "\(datadir)/device-\(id)"
            try await run("pki", "issue-device", "--uuid", id, "--out", out)
            return out
        }

        func client(_ id: String, _ broker: TestBroker, certificate: String, key: String) throws -> (MQTTClient, EventList<MQTTEvent>) {
            var settings = MQTTSettings(
                host: "localhost", port: broker.port, clientID: id,
                security: .tls(authorities: "\(datadir)/certs/root.crt", certificate: certificate, key: key))
            settings.firstPause = .milliseconds(50)
            settings.longestPause = .milliseconds(200)
            let client = try MQTTClient(settings)
            let events = EventList<MQTTEvent>()
            client.start { events.add($0) }
            return (client, events)
        }

        func remove() { try? FileManager.default.removeItem(atPath: datadir) }
    }

    private func message(_ topic: String) -> MQTTMessage {
        MQTTMessage(topic: topic, payload: Array("x".utf8), quality: .atLeastOnce)
    }

    private func isRefused(_ client: MQTTClient, _ topic: String) async -> Bool {
        do {
            try await client.publish(message(topic))
            return false
        } catch { return error.code == .refused }
    }

    private func next(_ client: MQTTClient) async -> String? {
        var iterator = client.messages.makeAsyncIterator()
        return await iterator.next()?.topic
    }

    @Test("a device publishes and reads on its own topics alone, and the server everywhere it must and nowhere else")
    func accessList() async throws {
        let installation = try await Installation()
        defer { installation.remove() }
        let broker = try await installation.broker()
        defer { broker.remove() }
        let folder = try await installation.device("pump-7")
        let (device, _) = try installation.client("any", broker, certificate: "\(folder)/client.pem", key: "\(folder)/pkey.pem")
        let (server, _) = try installation.client(
            "otaserve", broker, certificate: "\(installation.folder)/server.pem", key: "\(installation.folder)/server.key")
        for filter in ["devices/health/+", "devices/pub/+"] { try await server.subscribe(filter, quality: .atLeastOnce) }
        // What another device is told must not be heard: subscribing to it leads to nothing.
        for filter in ["devices/sub/pump-7", "devices/actions/pump-7/required-install"] {
            try await device.subscribe(filter, quality: .atLeastOnce)
        }
        for filter in ["devices/sub/pump-8", "devices/sub/+", "devices/actions/+/required-install", "devices/health/+"] {
            try? await device.subscribe(filter, quality: .atLeastOnce)
        }
        for topic in ["devices/health/pump-8", "devices/pub/pump-8", "devices/sub/pump-7", "devices/actions/pump-7/required-install", "a"] {
            #expect(await isRefused(device, topic), "\(topic)")
        }
        for topic in ["devices/health/pump-7", "devices/pub/pump-7"] {
            try await device.publish(message(topic))
            #expect(await next(server) == topic)
        }
        for topic in ["devices/health/pump-7", "devices/pub/pump-7", "devices/sub/pump-7/more", "a"] {
            #expect(await isRefused(server, topic), "\(topic)")
        }
        for topic in [
            "devices/sub/pump-8", "devices/actions/pump-8/required-install", "devices/sub/pump-7",
            "devices/actions/pump-7/required-install",
        ] { try await server.publish(message(topic)) }
        // Once for each filter that fits; what was for the other device came before.
        var heard: Set<String> = []
        while heard.count < 2, let topic = await next(device) { heard.insert(topic) }
        #expect(heard == ["devices/sub/pump-7", "devices/actions/pump-7/required-install"])
        await device.stop()
        await server.stop()
    }

    @Test("a device that calls itself as the server's client does not take the server's session")
    func takenName() async throws {
        let installation = try await Installation()
        defer { installation.remove() }
        let broker = try await installation.broker()
        defer { broker.remove() }
        let folder = try await installation.device("pump-7")
        let (server, events) = try installation.client(
            "otaserve", broker, certificate: "\(installation.folder)/server.pem", key: "\(installation.folder)/server.key")
        try await server.subscribe("devices/pub/+", quality: .atLeastOnce)
        for name in ["otaserve", "@otaserve"] {
            let (thief, _) = try installation.client(name, broker, certificate: "\(folder)/client.pem", key: "\(folder)/pkey.pem")
            try await thief.publish(message("devices/pub/pump-7"))
            #expect(await next(server) == "devices/pub/pump-7")
            await thief.stop()
        }
        #expect(events.all.filter { if case .connected = $0 { true } else { false } }.count == 1)
        await server.stop()
    }

    @Test("a revoked device is kept out once the configuration was made again")
    func revoked() async throws {
        let installation = try await Installation()
        defer { installation.remove() }
        let (lost, other) = (try await installation.device("lost"), try await installation.device("other"))
        #expect(try await installation.tryConfig("--listen", "127.0.0.1", "--persistence", installation.datadir).status == 0)
        try await installation.run("pki", "revoke", "--certificate", "\(lost)/client.pem")
        let refused = try await installation.tryConfig("--listen", "127.0.0.1", "--persistence", installation.datadir)
        #expect(refused.status != 0 && refused.errors.contains("broker-file-differs") && refused.errors.contains("mosquitto.conf"))
        #expect(try await installation.tryConfig("--listen", "127.0.0.1", "--persistence", installation.datadir, "--force").status == 0)
        let broker = try await installation.broker()
        defer { broker.remove() }
        let (good, _) = try installation.client("a", broker, certificate: "\(other)/client.pem", key: "\(other)/pkey.pem")
        try await good.publish(message("devices/pub/other"))
        let (bad, events) = try installation.client("b", broker, certificate: "\(lost)/client.pem", key: "\(lost)/pkey.pem")
        await events.wait { !$0.isEmpty }
        #expect(!events.all.contains { if case .connected = $0 { true } else { false } })
        await good.stop()
        await bad.stop()
    }

    @Test("devices that the installation knows have lines for their serials without a list, also while the server runs")
    func serials() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        try await server.otactl(
            "enrolments", "add", "--brand", "acme", "--model", "pump-24", "--serial", "0017", "--device-id", "pump-17")
        try await server.otaserve("devices", "preregister", "pump.8", "pump-9")
        try await server.otaserve("mqtt", "broker-config", "--out", "\(server.datadir)/broker")
        let text = try String(contentsOfFile: "\(server.datadir)/broker/acl", encoding: .utf8)
        #expect(text.contains("user pump-17\ntopic read devices/actions/0017/required-install\n"))
        #expect(text.contains("user pump.8\ntopic read devices/actions/pump8/required-install\n"))
        #expect(!text.contains("user pump-9"))
    }

    @Test("made twice it is the same, keys are kept and secret, and a name of its own has a certificate of its own")
    func again() async throws {
        let installation = try await Installation()
        defer { installation.remove() }
        #expect(try await installation.tryConfig("--dnsname", "broker.example").status == 0)
        let before = try ["server.pem", "server.key", "broker.crt", "broker.key", "acl"].map { try installation.content($0) }
        #expect(try await installation.tryConfig("--dnsname", "broker.example").text.contains("as it should be"))
        #expect(try ["server.pem", "server.key", "broker.crt", "broker.key", "acl"].map { try installation.content($0) } == before)
        for key in ["server.key", "broker.key"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(installation.folder)/\(key)")[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        let text = try await Tool.check(["openssl", "x509", "-in", "\(installation.folder)/broker.crt", "-noout", "-ext", "subjectAltName"])
            .text
        #expect(text.contains("DNS:broker.example"))
    }

    @Test("a list of serials that cannot be used is refused, and a name without the root's key")
    func refused() async throws {
        let installation = try await Installation()
        defer { installation.remove() }
        let path = "\(installation.datadir)/serials"
        try "pump-7\n".write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try await installation.tryConfig("--serials", path)
        #expect(outcome.status == 65 && outcome.errors.contains("broker-serials-invalid"))
        try FileManager.default.removeItem(atPath: "\(installation.datadir)/certs/root.key")
        let rootless = try await installation.tryConfig("--dnsname", "broker.example")
        #expect(rootless.status == 69 && rootless.errors.contains("root.key"))
        #expect(try await installation.tryConfig("--port", "0").status == 64)
    }
}
