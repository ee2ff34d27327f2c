import BrokerSupport
import DeviceAuth
import Fleet
import Foundation
import Logging
import MQTT
import Snaps
import Synchronization
import Testing

@testable import Messaging

/// Keeps what it is told, and asks for the list at each heartbeat with hashes.
private final class ListeningExchange: SnapExchange {
    let heartbeats = EventList<DeviceID>()
    let answers = EventList<String>()
    /// How often the storage fails before it works again.
    private let failures: Mutex<Int>
    /// Answers that wait for ``release()``.
    private let held = Mutex<[CheckedContinuation<Void, Never>]>([])

    init(failures: Int) { self.failures = Mutex(failures) }

    /// Lets the answers of the device `slow` be stored; returns how many there were.
    func release() -> Int {
        let waiting = held.withLock { held in
            defer { held = [] }
            return held
        }
        for continuation in waiting { continuation.resume() }
        return waiting.count
    }

    func heartbeat(_ heartbeat: Heartbeat, from device: DeviceID) -> [SnapRequest] {
        heartbeats.add(device)
        return heartbeat.hashes == nil ? [] : [SnapRequest(id: "list-1", action: .list)]
    }

    func answer(_ answer: SnapAnswer, from device: DeviceID) async throws -> [SnapRequest] {
        answers.add("\(device) \(answer.id)")
        if device.text == "slow" { await withCheckedContinuation { continuation in held.withLock { $0.append(continuation) } } }
        let fails = failures.withLock { left in
            left -= 1
            return left >= 0
        }
        if fails { throw FleetError(.storage, "the disk is full; free some space") }
        guard answer.list != nil, let hello = try? SnapName("hello") else { return [] }
        return [SnapRequest(id: "need-1", required: [RequiredSnap(name: hello, channel: nil, isClassic: false)])]
    }
}

@Suite(.timeLimit(.minutes(1))) struct ExchangeTests {
    /// The server's side over a real broker, and an agent.
    private struct Stage {
        let broker: TestBroker
        let exchange: ListeningExchange
        let notes = MessagingNotes(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let server: MQTTClient
        let agent: MQTTClient
        let running: Task<Void, Never>
        let events = EventList<MQTTEvent>()
        let unsent = EventList<String>()

        init(failures: Int = 0, outboxBytes: Int = MQTTLimits().outboxBytes) async throws {
            broker = try await TestBroker.start()
            exchange = ListeningExchange(failures: failures)
            server = try Self.client("otaserve", broker, outboxBytes: outboxBytes)
            agent = try Self.client("agent", broker)
            let messaging = DeviceMessaging(
                exchange: exchange, notes: notes, facts: .of(devices: Set([try DeviceID("neighbour")])),
                retryPauses: Array(repeating: .milliseconds(1), count: 3),
                unsent: { [unsent] requests, device in for request in requests { unsent.add("\(device) \(request.id)") } })
            server.start { [events] in events.add($0) }
            agent.start { _ in }
            running = Task { [server] in await messaging.run(server) }
            await subscribed(times: 1)
        }

        static func client(_ id: String, _ broker: TestBroker, outboxBytes: Int = MQTTLimits().outboxBytes) throws -> MQTTClient {
            var settings = MQTTSettings(host: "localhost", port: broker.port, clientID: id, security: .plain)
            settings.firstPause = .milliseconds(50)
            settings.longestPause = .milliseconds(200)
            settings.limits.outboxBytes = outboxBytes
            return try MQTTClient(settings)
        }

        func subscribed(times: Int) async {
            await events.wait { events in
                DeviceTopic.filters.allSatisfy { filter in events.filter { $0 == .subscribed(filter: filter) }.count == times }
            }
        }

        func say(_ topic: String, _ payload: String) async throws {
            try await agent.publish(MQTTMessage(topic: topic, payload: Array(payload.utf8), quality: .atLeastOnce))
        }

        func hear() async -> (topic: String, payload: String)? {
            var iterator = agent.messages.makeAsyncIterator()
            return await iterator.next().map { ($0.topic, String(decoding: $0.payload, as: UTF8.self)) }
        }

        func end() async {
            await agent.stop()
            await server.stop()
            await running.value
            broker.remove()
        }
    }

    @Test("a heartbeat with new hashes is asked for the list, and the list for what it lacks, on the topic of the serial")
    func conversation() async throws {
        let stage = try await Stage()
        for filter in ["devices/sub/pump-7", "devices/actions/S1/required-install"] {
            try await stage.agent.subscribe(filter, quality: .atLeastOnce)
        }
        try await stage.say("devices/health/pump-7", #"{"deviceId":"pump-7","serial":"S/1","snapListHash":"a","installedSnapsHash":"b"}"#)
        let list = await stage.hear()
        #expect(list?.topic == "devices/sub/pump-7")
        #expect(list?.payload == #"{"action":"list","data":"","id":"list-1","snap":""}"#)
        try await stage.say("devices/pub/pump-7", #"{"id":"list-1","action":"list","success":true,"result":[]}"#)
        let need = await stage.hear()
        #expect(need?.topic == "devices/actions/S1/required-install")
        #expect(need?.payload == #"{"id":"need-1","snaps":[{"classic":false,"name":"hello","source":"store"}]}"#)
        await stage.end()
    }

    @Test("nothing that a device sends keeps the next message from being heard, and what was wrong is counted")
    func hostile() async throws {
        let stage = try await Stage()
        for (topic, payload) in [
            ("devices/health/one", ""), ("devices/pub/one", ""), ("devices/health/one", "x"), ("devices/pub/one", "{"),
            ("devices/health/..", "{}"), ("devices/health/one", #"{"deviceId":"two"}"#),
            ("devices/pub/one", String(repeating: "[", count: 10_000)),
            ("devices/health/denied", #"{"deviceId":"denied"}"#), ("devices/pub/denied", #"{"id":"1","action":"info"}"#),
        ] { try await stage.say(topic, payload) }
        try await stage.agent.publish(
            MQTTMessage(topic: "devices/health/kept", payload: Array("{}".utf8), quality: .atLeastOnce, isRetained: true))
        try await stage.say("devices/health/last", "{}")
        let last = try DeviceID("last")
        await stage.exchange.heartbeats.wait { $0.contains(last) }
        await stage.end()
        #expect(stage.exchange.answers.all == [])
        #expect(stage.notes.total(.malformed) == 5)
        #expect(stage.notes.total(.empty) == 2)
        #expect(stage.notes.total(.ignored) == 2)
    }

    @Test("answers of one device are stored in their order, while many devices answer")
    func order() async throws {
        let stage = try await Stage()
        let devices = ["a", "b", "c", "d", "e", "f", "g", "h"]
        for number in 1...DeviceMessaging.answersOfOne {
            for device in devices { try stage.agent.post(answer(device, "\(number)")) }
        }
        await stage.exchange.answers.wait { $0.count == devices.count * DeviceMessaging.answersOfOne }
        for device in devices {
            #expect(
                stage.exchange.answers.all.filter { $0.hasPrefix(device) }
                    == (1...DeviceMessaging.answersOfOne).map { "\(device) \($0)" })
        }
        await stage.end()
    }

    private func answer(_ device: String, _ id: String) -> MQTTMessage {
        MQTTMessage(
            topic: "devices/pub/\(device)", payload: Array(#"{"id":"\#(id)","action":"info","success":true}"#.utf8), quality: .atLeastOnce)
    }

    @Test("an answer that cannot be stored is tried four times in all, then counted, and the next one is tried")
    func notStored() async throws {
        let stage = try await Stage(failures: 4)
        try stage.agent.post(answer("a", "1"))
        await stage.exchange.answers.wait { $0.count == 4 }
        try stage.agent.post(answer("a", "2"))
        await stage.exchange.answers.wait { $0.count == 5 }
        await stage.end()
        #expect(stage.notes.total(.notStored) == 1)
        #expect(stage.exchange.answers.all == ["a 1", "a 1", "a 1", "a 1", "a 2"])
    }

    @Test("an answer that could not be stored at first is stored in the end, and nothing is counted")
    func storedLater() async throws {
        let stage = try await Stage(failures: 3)
        try stage.agent.post(answer("a", "1"))
        await stage.exchange.answers.wait { $0.count == 4 }
        await stage.end()
        #expect(stage.notes.total(.notStored) == 0)
    }

    @Test("of a device with four answers that are not stored the next one is dropped and counted, and others are not kept waiting")
    func crowded() async throws {
        let stage = try await Stage()
        for number in 1...70 { try stage.agent.post(answer("slow", "\(number)")) }
        try stage.agent.post(answer("other", "1"))
        await stage.exchange.answers.wait { $0.contains("other 1") }
        #expect(stage.notes.total(.crowded) == 66)
        // They wait for one another.
        for number in 1...4 {
            await stage.exchange.answers.wait { $0.contains("slow \(number)") }
            while stage.exchange.release() == 0 { await Task.yield() }
        }
        await stage.end()
        #expect(stage.exchange.answers.all.filter { $0.hasPrefix("slow") } == (1...4).map { "slow \($0)" })
    }

    @Test("the fleet hears of each request that the client had no room for")
    func unsent() async throws {
        let stage = try await Stage(outboxBytes: 1)
        try await stage.say("devices/health/pump-7", #"{"snapListHash":"a","installedSnapsHash":"b"}"#)
        try await stage.say("devices/pub/pump-7", #"{"id":"list-1","action":"list","success":true,"result":[]}"#)
        await stage.unsent.wait { $0.contains("pump-7 list-1") && $0.contains("pump-7 need-1") }
        await stage.end()
        #expect(stage.notes.total(.notSent) == 2)
    }

    @Test("an answer that the broker took while the server was away is stored when it is back, also after the broker restarted")
    func serverAway() async throws {
        let stage = try await Stage()
        await stage.server.stop()
        await stage.running.value
        try await stage.agent.publish(answer("a", "kept"))
        await stage.broker.terminate()
        try await stage.broker.launch()
        let server = try Stage.client("otaserve", stage.broker)
        let messaging = DeviceMessaging(exchange: stage.exchange, notes: stage.notes, facts: .of(), unsent: { _, _ in })
        server.start { _ in }
        let running = Task { await messaging.run(server) }
        await stage.exchange.answers.wait { $0 == ["a kept"] }
        await server.stop()
        await running.value
        await stage.end()
    }

    @Test("after the broker restarted, heartbeats are heard again")
    func brokerRestarts() async throws {
        let stage = try await Stage()
        await stage.broker.kill()
        try await stage.broker.launch()
        await stage.subscribed(times: 2)
        try await stage.say("devices/health/back", "{}")
        let back = try DeviceID("back")
        await stage.exchange.heartbeats.wait { $0.contains(back) }
        await stage.end()
    }
}
