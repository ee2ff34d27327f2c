import BrokerSupport
import Foundation
import MQTT
import Testing

/// A whole server that speaks with agents through a real broker.
@Suite(.timeLimit(.minutes(2))) struct MessagingTests {
    private struct Agent {
        let client: MQTTClient
        let id: String

        init(_ id: String, serial: String? = nil, _ broker: TestBroker) async throws {
            self.id = id
            client = try MQTTClient(MQTTSettings(host: "localhost", port: broker.port, clientID: id, security: .plain))
            client.start { _ in }
            for filter in ["devices/sub/\(id)", "devices/actions/\(serial ?? id)/required-install"] {
                try await client.subscribe(filter, quality: .atLeastOnce)
            }
        }

        func say(_ topic: String, _ payload: String) async throws {
            try await client.publish(MQTTMessage(topic: topic, payload: Array(payload.utf8), quality: .atLeastOnce))
        }

        func beat(_ hash: String) async throws {
            try await say(
                "devices/health/\(id)", #"{"deviceId":"\#(id)","model":"pump","snapListHash":"\#(hash)","installedSnapsHash":"\#(hash)"}"#)
        }

        func hear() async -> (topic: String, document: [String: Any]) {
            var iterator = client.messages.makeAsyncIterator()
            guard let message = await iterator.next() else { return ("", [:]) }
            return (message.topic, (try? JSONSerialization.jsonObject(with: Data(message.payload))) as? [String: Any] ?? [:])
        }
    }

    private func stage(_ id: String, serial: String? = nil) async throws -> (TestBroker, TestServer, Agent) {
        let broker = try await TestBroker.start()
        let server = try await TestServer.start(configuration: "mqtt-broker: localhost:\(broker.port)\n")
        // Over HTTPS it becomes known.
        _ = try await server.device(id).get("/device", tag: "main")
        if let serial {
            try await server.otactl("enrolments", "add", "--brand", "acme", "--model", "pump", "--serial", serial, "--device-id", id)
            _ = await server.terminate()
            try await server.launch()
        }
        await expectEventually { server.logText.contains("mqtt_connected") }
        return (broker, server, try await Agent(id, serial: serial, broker))
    }

    @Test(
        "a device that lacks a required snap is asked for its list and told to install it, on the topic of the serial that an operator gave it, which its heartbeats do not say",
        arguments: [nil, "0017"])
    func requiredInstall(serial: String?) async throws {
        let (broker, server, agent) = try await stage("pump-7", serial: serial)
        defer {
            server.stop()
            broker.remove()
        }
        #expect(try await server.api("POST", "/v1/models/pump/required", body: #"{"name":"hello","model":"pump"}"#).status == 201)
        try await agent.beat("one")
        let list = await agent.hear()
        #expect(list.topic == "devices/sub/pump-7" && list.document["action"] as? String == "list")
        let id = try #require(list.document["id"] as? String)
        try await agent.say(
            "devices/pub/pump-7",
            #"{"id":"\#(id)","action":"list","success":true,"version":"2","result":{"snapListHash":"one","installedSnapsHash":"one","snaps":[]}}"#
        )
        let need = await agent.hear()
        #expect(need.topic == "devices/actions/\(serial ?? "pump-7")/required-install")
        #expect((need.document["snaps"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["hello"])
        await agent.client.stop()
    }

    @Test("after 0 bytes, nonsense, wrong topics and a restart of the broker, a device is still heard")
    func survives() async throws {
        let (broker, server, agent) = try await stage("pump-8")
        defer {
            server.stop()
            broker.remove()
        }
        for (topic, payload) in [
            ("devices/health/pump-8", ""), ("devices/pub/pump-8", ""), ("devices/pub/pump-8", "{"), ("devices/health/pump-8/more", "{}"),
            ("devices/health/pump-8", #"{"deviceId":"pump-9"}"#),
        ] { try await agent.say(topic, payload) }
        await broker.terminate()
        try await broker.launch()
        await expectEventually { server.logText.components(separatedBy: "mqtt_connected").count > 2 }
        try await agent.beat("one")
        let list = await agent.hear()
        #expect(list.document["action"] as? String == "list")
        #expect(server.logText.contains("mqtt_message_malformed"))
        await agent.client.stop()
    }

    @Test("a device that is denied is ignored")
    func denied() async throws {
        let (broker, server, agent) = try await stage("pump-9")
        defer {
            server.stop()
            broker.remove()
        }
        try await server.otaserve("devices", "deny", "pump-9")
        try await agent.beat("one")
        await expectEventually { server.logText.contains("mqtt_device_ignored") }
        await agent.client.stop()
    }
}
