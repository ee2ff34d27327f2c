import DeviceAuth
import Fleet
import MQTT
import Snaps
import Synchronization

/// Carries heartbeats and answers from the broker to the fleet, and requests back, as existing agents speak it.
///
/// Heartbeats are dealt with at once; answers of one device one after the other, of many devices at the same time, up to
/// ``answersAtOnce``, and no more of one device than ``answersOfOne``. While that many are being read and stored nothing more is
/// taken from the broker, which then holds the rest.
public final class DeviceMessaging: Sendable {
    /// Answers that are being read or stored: of all devices, and of each one.
    public static let answersAtOnce = 64
    public static let answersOfOne = 4
    /// Before an answer that could not be stored is tried again.
    public static let retryPauses = [Duration.seconds(1), .seconds(2), .seconds(4)]
    /// Answers of devices in the same lane are kept in order.
    private static let lanes = 1024

    private let exchange: any SnapExchange
    private let facts: DeviceFacts
    private let unsent: @Sendable ([SnapRequest], DeviceID) -> Void
    private let words: Mutex<SerialWords>
    private let notes: MessagingNotes
    private let pauses: [Duration]
    private let gate = AnswerGate(places: answersAtOnce)
    /// One device must not have every place.
    private let shares = Shares<DeviceID>(most: answersOfOne)
    private let isEnding = Atomic(false)

    /// - Parameters:
    ///   - known: the serials that devices have said before the start.
    ///   - unsent: hears of requests that could not be handed to the client, and are to be sent anew.
    public init(
        exchange: any SnapExchange, notes: MessagingNotes, facts: DeviceFacts, known: [(device: DeviceID, serial: String)] = [],
        retryPauses: [Duration] = retryPauses, unsent: @escaping @Sendable ([SnapRequest], DeviceID) -> Void
    ) {
        self.exchange = exchange
        self.notes = notes
        self.facts = facts
        self.unsent = unsent
        pauses = retryPauses
        words = Mutex(SerialWords(facts: facts, known: known))
    }

    /// Subscribes, and works until the client stops. Answers that were taken are stored before it returns.
    public func run(_ client: MQTTClient) async {
        let subscribing = Task { [notes] in await Self.subscribe(client, notes) }
        var lanes = [Task<Void, Never>?](repeating: nil, count: Self.lanes)
        for await message in client.messages {
            guard let device = deal(with: message, client) else { continue }
            guard shares.take(device) else {
                notes.note(.crowded, "\(device) has \(Self.answersOfOne) answers that are not stored yet")
                continue
            }
            await gate.enter()
            let lane = Int(UInt(bitPattern: device.hashValue) % UInt(Self.lanes))
            lanes[lane] = Task { [self, before = lanes[lane]] in
                await before?.value
                if let answer = answer(message) { await store(answer, from: device, client) }
                shares.give(device)
                gate.leave()
            }
        }
        subscribing.cancel()
        isEnding.store(true, ordering: .relaxed)
        await gate.close()
    }

    private static func subscribe(_ client: MQTTClient, _ notes: MessagingNotes) async {
        for filter in DeviceTopic.filters {
            do {
                // Heartbeats come again in a minute; answers do not.
                try await client.subscribe(filter, quality: filter.hasPrefix("devices/pub") ? .atLeastOnce : .atMostOnce)
            } catch {
                guard error.code != .stopped else { return }
                notes.say("mqtt_not_subscribed", ["filter": "\(filter)", "reason": "\(error)"], level: .error)
            }
        }
    }

    /// Deals with everything but answers, which may be long; returns whose answer it is.
    private func deal(with message: MQTTMessage, _ client: MQTTClient) -> DeviceID? {
        do {
            if case .publication(let device) = try DeviceTopic(message.topic), !message.payload.isEmpty {
                return isHeard(message, device) ? device : nil
            }
            switch try DeviceMessage(topic: message.topic, payload: message.payload) {
            case .empty(let device): notes.note(.empty, "a message of \(device) without a payload")
            case .heartbeat(let heartbeat, let device): if isHeard(message, device) { hear(heartbeat, from: device, client) }
            case .answer: break
            }
        } catch {
            noteMalformed(message, error)
        }
        return nil
    }

    private func isHeard(_ message: MQTTMessage, _ device: DeviceID) -> Bool {
        // One that the broker kept says nothing of now.
        guard !message.isRetained else { return false }
        guard facts.seen(device) else {
            notes.note(.ignored, "\(device) is unknown or denied")
            return false
        }
        return true
    }

    private func hear(_ heartbeat: Heartbeat, from device: DeviceID, _ client: MQTTClient) {
        let requests = exchange.heartbeat(heartbeat, from: device)
        // A device that says its serial for the first time is remembered by it also when nothing is asked of it.
        if heartbeat.serial != nil || !requests.isEmpty { send(requests, to: device, serial: heartbeat.serial, client) }
    }

    private func answer(_ message: MQTTMessage) -> SnapAnswer? {
        do {
            guard case .answer(let answer, _) = try DeviceMessage(topic: message.topic, payload: message.payload) else { return nil }
            return answer
        } catch {
            noteMalformed(message, error)
            return nil
        }
    }

    private func noteMalformed(_ message: MQTTMessage, _ error: any Error) {
        notes.note(.malformed, "\(error) (\(String(message.topic.prefix(100)).debugDescription))")
    }

    private func store(_ answer: SnapAnswer, from device: DeviceID, _ client: MQTTClient) async {
        var left = pauses[...]
        while true {
            do {
                send(try await exchange.answer(answer, from: device), to: device, serial: nil, client)
                return
            } catch {
                guard Self.mayPass(error), !isEnding.load(ordering: .relaxed), let pause = left.popFirst() else {
                    // The next heartbeat has other hashes than what is stored, and the list is asked for again.
                    notes.note(.notStored, "\(answer.action.debugDescription) of \(device): \(error)")
                    return
                }
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Whether the next attempt may do better: what the fleet refuses it refuses again.
    private static func mayPass(_ error: any Error) -> Bool {
        guard let error = error as? FleetError else { return true }
        return error.code == .storage
    }

    private func send(_ requests: [SnapRequest], to device: DeviceID, serial: String?, _ client: MQTTClient) {
        let word = words.withLock { $0.word(of: device, serial: serial) }
        var failed: [SnapRequest] = []
        for request in requests {
            guard let message = RequestMessage.make(request, for: device, word: word) else {
                notes.note(.notSent, "the serial of \(device) belongs to another device; give each its own")
                continue
            }
            do throws(MQTTError) {
                try client.post(message)
            } catch {
                notes.note(.notSent, "\(request.action.rawValue) for \(device): \(error)")
                // What is too large today is so tomorrow.
                if error.code == .queueFull || error.code == .stopped { failed.append(request) }
            }
        }
        if !failed.isEmpty { unsent(failed, device) }
    }

    /// For ``MQTTClient/start(_:)``.
    public static func report(_ event: MQTTEvent, to notes: MessagingNotes) {
        switch event {
        case .connected(let hadSession): notes.say("mqtt_connected", ["session": hadSession ? "kept" : "new"])
        case .disconnected(let error): notes.say("mqtt_disconnected", ["reason": "\(error)"], level: .warning)
        case .subscribed: break
        case .subscriptionRefused(let filter):
            notes.say(
                "mqtt_subscription_refused", ["filter": "\(filter)", "remedy": "use the access list of otaserve mqtt broker-config"],
                level: .error)
        case .notDelivered(let topic, let error): notes.note(.notSent, "\(topic): \(error)")
        case .dropped(let total): notes.note(.dropped, "\(total) since the start: the storage is too slow, or messages are too large")
        }
    }
}
