import BrokerSupport
import Foundation

@testable import MQTT

/// A client under test with what happened to it.
struct Peer {
    let client: MQTTClient
    let events = EventList<MQTTEvent>()

    init(_ settings: MQTTSettings) throws {
        client = try MQTTClient(settings)
        client.start { [events] in events.add($0) }
    }

    init(_ id: String, _ broker: TestBroker, change: (inout MQTTSettings) -> Void = { _ in }) throws {
        try self.init(Self.settings(id, broker, change))
    }

    static func settings(_ id: String, _ broker: TestBroker, _ change: (inout MQTTSettings) -> Void = { _ in }) -> MQTTSettings {
        var settings = MQTTSettings(host: "localhost", port: broker.port, clientID: id, security: .plain)
        settings.firstPause = .milliseconds(50)
        settings.longestPause = .milliseconds(200)
        change(&settings)
        return settings
    }

    func next() async -> MQTTMessage? {
        var iterator = client.messages.makeAsyncIterator()
        return await iterator.next()
    }

    /// Returns with the first reason for a connection that ended or did not come about.
    func failure() async -> MQTTError? {
        await events.wait { $0.contains { if case .disconnected = $0 { true } else { false } } }
        return events.all.compactMap { if case .disconnected(let error) = $0 { error } else { nil } }.first
    }

    func connections(_ count: Int) async { await events.wait { $0.filter { $0.isConnection }.count >= count } }
}

extension MQTTEvent {
    var isConnection: Bool { if case .connected = self { true } else { false } }
}

extension MQTTMessage {
    init(_ topic: String, _ text: String, quality: Quality = .atLeastOnce, isRetained: Bool = false) {
        self.init(topic: topic, payload: Array(text.utf8), quality: quality, isRetained: isRetained)
    }

    var text: String { String(decoding: payload, as: UTF8.self) }
}
