import BrokerSupport
import Testing

@testable import MQTT

@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    @Test("what cannot be a topic, and what is too large, is refused before it is sent")
    func messages() throws {
        let client = try MQTTClient(MQTTSettings(host: "localhost", port: 1, clientID: "one", security: .plain))
        for topic in ["", "a/+", "#", "a\0b", String(repeating: "x", count: 65536)] {
            #expect(throws: MQTTError.self) { try client.post(MQTTMessage(topic, "")) }
        }
        let failure = #expect(throws: MQTTError.self) {
            try client.post(MQTTMessage(topic: "a", payload: [UInt8](repeating: 0, count: 1 << 20 + 1), quality: .atMostOnce))
        }
        #expect(failure?.code == .payloadTooLarge)
    }

    @Test("settings out of their bounds are refused")
    func settings() {
        let changes: [(inout MQTTSettings) -> Void] = [
            { $0.host = "" }, { $0.port = 0 }, { $0.port = 65536 }, { $0.clientID = "" }, { $0.clientID = "a\0" },
            { $0.keepAlive = .seconds(4) }, { $0.firstPause = .zero }, { $0.firstPause = .seconds(61) },
            { $0.will = MQTTMessage("a/#", "") },
        ]
        for change in changes {
            var settings = MQTTSettings(host: "localhost", port: 1883, clientID: "one", security: .plain)
            change(&settings)
            #expect(throws: MQTTError.self) { try MQTTClient(settings) }
        }
    }

    @Test("a message that is larger than the reader takes does not reach it, and the next one does")
    func largeInbound() async throws {
        let broker = try await TestBroker.start()
        defer { broker.remove() }
        let writer = try Peer("writer", broker)
        let reader = try Peer("reader", broker) { $0.limits.largestPayload = 1000 }
        try await reader.client.subscribe("a", quality: .atLeastOnce)
        // Within what the broker was told, and beyond it.
        for size in [1001, 200_000] {
            try await writer.client.publish(MQTTMessage(topic: "a", payload: [UInt8](repeating: 7, count: size), quality: .atLeastOnce))
        }
        try await writer.client.publish(MQTTMessage("a", "small"))
        #expect(await reader.next()?.text == "small")
        #expect(reader.client.dropped == 1)
        #expect(reader.events.all.contains(.dropped(total: 1)))
        await writer.client.stop()
        await reader.client.stop()
    }

    @Test("a message that is larger than the broker takes is refused, and the connection lives on")
    func largeOutbound() async throws {
        let broker = try await TestBroker.start { port, folder in TestBroker.plain(port: port, folder: folder) + "max_packet_size 1000\n" }
        defer { broker.remove() }
        let peer = try Peer("one", broker)
        let failure = await #expect(throws: MQTTError.self) {
            try await peer.client.publish(MQTTMessage(topic: "a", payload: [UInt8](repeating: 7, count: 2000), quality: .atLeastOnce))
        }
        #expect(failure?.code == .payloadTooLarge)
        try await peer.client.publish(MQTTMessage("a", "small"))
        await peer.client.stop()
    }

    @Test("a reader that does not read makes the broker wait: nothing that must arrive is lost, and memory is bounded")
    func backPressure() async throws {
        let broker = try await TestBroker.start { port, folder in
            TestBroker.plain(port: port, folder: folder) + "max_queued_messages 5000\n"
        }
        defer { broker.remove() }
        let reader = try Peer("reader", broker) { $0.limits.inboxMessages = 10 }
        try await reader.client.subscribe("a", quality: .atLeastOnce)
        let writer = try Peer("writer", broker)
        for number in 1...1000 { try await writer.client.publish(MQTTMessage("a", "\(number)")) }
        for number in 1...1000 { #expect(await reader.next()?.text == "\(number)") }
        #expect(reader.client.dropped == 0)
        await writer.client.stop()
        await reader.client.stop()
    }

    @Test("a full inbox drops what need not arrive first, and everything at twice its bounds; each is counted")
    func fullInbox() async throws {
        var limits = MQTTLimits()
        limits.inboxMessages = 2
        let inbox = Inbox(limits: limits, wake: try Wake())
        #expect(inbox.put(MQTTMessage("a", "1", quality: .atMostOnce)) && inbox.put(MQTTMessage("a", "2")))
        #expect(!inbox.hasRoom && !inbox.put(MQTTMessage("a", "x", quality: .atMostOnce)))
        #expect(inbox.put(MQTTMessage("a", "3")) && inbox.put(MQTTMessage("a", "4")) && !inbox.put(MQTTMessage("a", "y")))
        #expect(inbox.dropped == 2)
        for number in 1...4 { #expect(await inbox.next()?.text == "\(number)") }
        #expect(inbox.hasRoom)
    }

    @Test("messages that the broker does not acknowledge fill the outbox, and the next is refused")
    func fullOutbox() throws {
        var settings = MQTTSettings(host: "localhost", port: 1, clientID: "one", security: .plain)
        settings.limits.outboxMessages = 3
        settings.limits.outboxBytes = 100
        let client = try MQTTClient(settings)
        let large = MQTTMessage(topic: "a", payload: [UInt8](repeating: 0, count: 90), quality: .atLeastOnce)
        try client.post(large)
        #expect(throws: MQTTError.self) { try client.post(large) }
        try client.post(MQTTMessage("a", ""))
        try client.post(MQTTMessage("a", ""))
        let failure = #expect(throws: MQTTError.self) { try client.post(MQTTMessage("a", "")) }
        #expect(failure?.code == .queueFull)
    }

    @Test("the pause between attempts doubles up to the longest, is shortened by up to a quarter, and begins anew")
    func backOff() {
        var backOff = BackOff(first: .seconds(1), longest: .seconds(10))
        #expect((1...6).map { _ in backOff.next(chance: 0) } == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        #expect(backOff.next(chance: 1) == .milliseconds(7500))
        backOff.reset()
        #expect(backOff.next(chance: 0) == .seconds(1))
    }

    @Test("a caller that gives up waiting is told so at once")
    func cancelled() async throws {
        let client = try MQTTClient(MQTTSettings(host: "localhost", port: 1, clientID: "one", security: .plain))
        let task = Task { try await client.publish(MQTTMessage("a", "b")) }
        task.cancel()
        await #expect(throws: MQTTError.self) { try await task.value }
    }
}
