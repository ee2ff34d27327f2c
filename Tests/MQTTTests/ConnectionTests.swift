import BrokerSupport
import Foundation
import Testing

@testable import MQTT

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test("a broker that is not there is an error that says so, and is tried again until the client stops")
    func absent() async throws {
        var settings = MQTTSettings(host: "127.0.0.1", port: try TestBroker.freePort(), clientID: "one", security: .plain)
        settings.firstPause = .milliseconds(10)
        settings.longestPause = .milliseconds(20)
        let peer = try Peer(settings)
        await peer.events.wait { $0.count >= 3 }
        #expect(await peer.failure()?.code == .unreachable)
        #expect(await peer.failure()?.message.contains("refused") == true)
        await peer.client.stop()
    }

    @Test("a client that connects to nobody stops within a second, and says so to who waits")
    func stopsWhileConnecting() async throws {
        // Taken connections, never an answer.
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(number, $0, size) == 0 && listen(number, 8) == 0 && getsockname(number, $0, &size) == 0
            }
        }
        let settings = MQTTSettings(host: "127.0.0.1", port: Int(UInt16(bigEndian: place.sin_port)), clientID: "one", security: .plain)
        let peer = try Peer(settings)
        async let failure = #expect(throws: MQTTError.self) { try await peer.client.publish(MQTTMessage("a", "b")) }
        let begin = ContinuousClock.now
        await peer.client.stop()
        #expect(ContinuousClock.now - begin < .seconds(1))
        #expect(await failure?.code == .stopped)
        #expect(await peer.next() == nil)
        #expect(throws: MQTTError.self) { try peer.client.post(MQTTMessage("a", "b")) }
    }

    @Test("a message goes round, with its bytes as they were, also when there are none")
    func roundTrip() async throws {
        let broker = try await TestBroker.start()
        defer { broker.remove() }
        let (one, two) = (try Peer("one", broker), try Peer("two", broker))
        try await two.client.subscribe("greetings/+", quality: .atLeastOnce)
        let all = [
            MQTTMessage("greetings/a", "hello"), MQTTMessage("greetings/b", "", quality: .atMostOnce),
            MQTTMessage(topic: "greetings/c", payload: (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }, quality: .atLeastOnce),
        ]
        for message in all {
            try await one.client.publish(message)
            #expect(await two.next() == message)
        }
        await one.client.stop()
        await two.client.stop()
        #expect(await two.next() == nil)
    }

    @Test("a retained message reaches who subscribes later, marked as kept")
    func retained() async throws {
        let broker = try await TestBroker.start()
        defer { broker.remove() }
        let (one, two) = (try Peer("one", broker), try Peer("two", broker))
        try await one.client.publish(MQTTMessage("state", "on", isRetained: true))
        try await two.client.subscribe("state", quality: .atLeastOnce)
        #expect(await two.next() == MQTTMessage("state", "on", isRetained: true))
        await one.client.stop()
        await two.client.stop()
    }

    @Test("the last will is published when a client breaks off, and not when it says goodbye", arguments: [true, false])
    func will(breaksOff: Bool) async throws {
        let broker = try await TestBroker.start()
        defer { broker.remove() }
        let watcher = try Peer("watcher", broker)
        try await watcher.client.subscribe("#", quality: .atLeastOnce)
        let relay = try Relay(to: broker.port)
        let one = try Peer("one", broker) {
            $0.port = relay.port
            $0.will = MQTTMessage("gone", "one")
        }
        try await one.client.publish(MQTTMessage("here", "one"))
        #expect(await watcher.next()?.topic == "here")
        if breaksOff {
            relay.cut()
            #expect(await watcher.next() == MQTTMessage("gone", "one"))
            await one.client.stop()
        } else {
            await one.client.stop()
            let two = try Peer("two", broker)
            try await two.client.publish(MQTTMessage("after", "two"))
            #expect(await watcher.next()?.topic == "after")
            await two.client.stop()
        }
        await watcher.client.stop()
    }

    @Test("a message that the broker had acknowledged reaches a reader that was away, over a restart of the broker")
    func keptSession() async throws {
        let broker = try await TestBroker.start()
        defer { broker.remove() }
        let first = try Peer("reader", broker)
        try await first.client.subscribe("orders/+", quality: .atLeastOnce)
        await first.client.stop()
        let writer = try Peer("writer", broker)
        try await writer.client.publish(MQTTMessage("orders/1", "one"))
        await broker.terminate()
        try await broker.launch()
        let second = try Peer("reader", broker)
        #expect(await second.next() == MQTTMessage("orders/1", "one"))
        #expect(second.events.all.first == .connected(hadSession: true))
        await writer.client.stop()
        await second.client.stop()
    }

    @Test("a client comes back after the broker was away, with its subscriptions, and delivers what was given to it meanwhile")
    func reconnects() async throws {
        // Nothing on its disk: the broker knows no session and no subscription afterwards.
        let broker = try await TestBroker.start { port, folder in
            TestBroker.plain(port: port, folder: folder) + "persistence false\n"
        }
        defer { broker.remove() }
        let (one, two) = (try Peer("one", broker), try Peer("two", broker))
        try await two.client.subscribe("news/+", quality: .atLeastOnce)
        await one.connections(1)
        await broker.kill()
        #expect(await one.failure()?.code == .connectionLost)
        _ = await two.failure()
        async let delivered: Void = one.client.publish(MQTTMessage("kept", "while away"))
        try await broker.launch()
        await two.connections(2)
        try await delivered
        await two.events.wait { $0.filter { $0 == .subscribed(filter: "news/+") }.count == 2 }
        try await one.client.publish(MQTTMessage("news/1", "back"))
        #expect(await two.next()?.text == "back")
        await one.client.stop()
        await two.client.stop()
    }

    @Test("a subscription that the access list forbids is refused, and so is a message")
    func refused() async throws {
        let broker = try await TestBroker.start { port, folder in
            try? "topic read allowed\n".write(toFile: "\(folder)/acl", atomically: true, encoding: .utf8)
            return "acl_file \(folder)/acl\n" + TestBroker.plain(port: port, folder: folder)
        }
        defer { broker.remove() }
        let peer = try Peer("one", broker)
        let failure = await #expect(throws: MQTTError.self) { try await peer.client.publish(MQTTMessage("forbidden", "x")) }
        #expect(failure?.code == .refused)
        try peer.client.post(MQTTMessage("forbidden", "y"))
        await peer.events.wait {
            $0.contains { if case .notDelivered(topic: "forbidden", let error) = $0 { error.code == .refused } else { false } }
        }
        await peer.client.stop()
    }
}
