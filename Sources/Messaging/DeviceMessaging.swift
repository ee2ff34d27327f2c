import DeviceAuth
import Fleet
import MQTT
import Snaps
import Synchronization

/// Carries heartbeats and answers from the broker to the fleet, and requests back, as existing agents speak it.
///
/// Heartbeats are dealt with at once; answers of one device one after the other, of many devices at the same time, up to
/// ``answersAtOnce``. While that many are being stored nothing more is taken from the broker, which then holds the rest.
public final class DeviceMessaging: Sendable {
    /// Answers that are being stored.
    public static let answersAtOnce = 64
    /// Answers of devices in the same lane are kept in order.
    private static let lanes = 1024

    private let exchange: any SnapExchange
    private let seen: @Sendable (DeviceID) -> Bool
    private let words: Mutex<SerialWords>
    private let notes: MessagingNotes
    private let gate = AnswerGate(places: answersAtOnce)

    /// - Parameters:
    ///   - seen: notes the contact of a device; false when it is unknown or denied, and is to be ignored.
    ///   - isDevice: whether a device of that identity is known, without noting a contact.
    public init(
        exchange: any SnapExchange, notes: MessagingNotes, seen: @escaping @Sendable (DeviceID) -> Bool,
        isDevice: @escaping @Sendable (DeviceID) -> Bool
    ) {
        self.exchange = exchange
        self.notes = notes
        self.seen = seen
        words = Mutex(SerialWords(isDevice: isDevice))
    }

    /// Subscribes, and works until the client stops. Answers that were taken are stored before it returns.
    public func run(_ client: MQTTClient) async {
        let subscribing = Task { [notes] in await Self.subscribe(client, notes) }
        var lanes = [Task<Void, Never>?](repeating: nil, count: Self.lanes)
        for await message in client.messages {
            guard let (answer, device) = take(message, client) else { continue }
            await gate.enter()
            let lane = Int(UInt(bitPattern: device.hashValue) % UInt(Self.lanes))
            lanes[lane] = Task { [self, before = lanes[lane]] in
                await before?.value
                await store(answer, from: device, client)
                gate.leave()
            }
        }
        subscribing.cancel()
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

    /// Deals with everything but answers, which it returns.
    private func take(_ message: MQTTMessage, _ client: MQTTClient) -> (SnapAnswer, DeviceID)? {
        switch read(message) {
        case .heartbeat(let heartbeat, let device)?:
            let requests = exchange.heartbeat(heartbeat, from: device)
            // A device that says its serial for the first time is remembered by it also when nothing is asked of it.
            if heartbeat.serial != nil || !requests.isEmpty { send(requests, to: device, serial: heartbeat.serial, client) }
            return nil
        case .answer(let answer, let device)?: return (answer, device)
        case .empty?, nil: return nil
        }
    }

    /// What a message says; nil when it is to be ignored.
    func read(_ message: MQTTMessage) -> DeviceMessage? {
        do {
            let said = try DeviceMessage(topic: message.topic, payload: message.payload)
            switch said {
            case .empty(let device):
                notes.note(.empty, "a message of \(device) without a payload")
                return said
            case .heartbeat(_, let device), .answer(_, let device):
                // One that the broker kept says nothing of now.
                guard !message.isRetained else { return nil }
                guard seen(device) else {
                    notes.note(.ignored, "\(device) is unknown or denied")
                    return nil
                }
                return said
            }
        } catch {
            notes.note(.malformed, "\(error) (\(String(message.topic.prefix(100)).debugDescription))")
            return nil
        }
    }

    private func store(_ answer: SnapAnswer, from device: DeviceID, _ client: MQTTClient) async {
        do {
            send(try await exchange.answer(answer, from: device), to: device, serial: nil, client)
        } catch {
            // The next heartbeat has other hashes than what is stored, and the list is asked for again.
            notes.note(.notStored, "\(answer.action.debugDescription) of \(device): \(error)")
        }
    }

    private func send(_ requests: [SnapRequest], to device: DeviceID, serial: String?, _ client: MQTTClient) {
        let word = words.withLock { $0.word(of: device, serial: serial) }
        for request in requests {
            guard let message = RequestMessage.make(request, for: device, word: word) else {
                notes.note(.notSent, "the serial of \(device) belongs to another device; give each its own")
                continue
            }
            do {
                try client.post(message)
            } catch {
                // The next heartbeat brings it about again.
                notes.note(.notSent, "\(request.action.rawValue) for \(device): \(error)")
            }
        }
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
