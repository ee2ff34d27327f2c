import Foundation

/// A client of one MQTT broker: connects, comes back by itself after each loss, and keeps its session and subscriptions.
///
/// ```swift
/// let client = try MQTTClient(MQTTSettings(host: "localhost", port: 1883, clientID: "one", security: .plain))
/// client.start { print($0) }
/// try await client.subscribe("greetings/+", quality: .atLeastOnce)
/// try await client.publish(MQTTMessage(topic: "greetings/all", payload: Array("hello".utf8), quality: .atLeastOnce))
/// for await message in client.messages { print(message.topic) }
/// await client.stop()
/// ```
///
/// | | |
/// |---|---|
/// | ``publish(_:)`` | returns when the broker has acknowledged |
/// | ``post(_:)`` | returns at once; who cannot wait |
/// | ``subscribe(_:quality:)`` | once; it is repeated after every reconnection |
/// | ``messages`` | what comes, bounded: unread, it makes the broker wait |
///
/// One thread of its own does everything that concerns the connection; callers never wait for the network.
public final class MQTTClient: Sendable {
    /// What comes for the subscriptions, for one reader.
    public let messages: MQTTMessages

    private let settings: MQTTSettings
    private let inbox: Inbox
    private let outbox: Outbox
    private let wake: Wake
    private let ended = Completion()

    /// How long ``stop()`` lets messages on their way be acknowledged, and the longest that it takes itself.
    static let farewell: Duration = .milliseconds(500)
    static let longestStop: Duration = .milliseconds(950)

    /// - Throws: ``MQTTError/Code/settingsInvalid``.
    public init(_ settings: MQTTSettings) throws(MQTTError) {
        try settings.check()
        self.settings = settings
        wake = try Wake()
        inbox = Inbox(limits: settings.limits, wake: wake)
        outbox = Outbox(limits: settings.limits, wake: wake)
        messages = MQTTMessages(inbox: inbox)
    }

    /// Begins to connect. Call it once.
    ///
    /// - Parameter event: called on the client's thread; must not wait for anything.
    public func start(_ event: @escaping @Sendable (MQTTEvent) -> Void) {
        let thread = Thread { [settings, inbox, outbox, wake, ended] in
            // Made and used here alone: the library's object never leaves this thread.
            let connection = Connection(settings: settings, inbox: inbox, outbox: outbox, wake: wake, event: event)
            connection.run()
            outbox.end()
            inbox.finish()
            ended.finish(.success(()))
        }
        thread.name = "mqtt"
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Hands a message over and returns when the broker has it. Not connected, it waits for the connection.
    ///
    /// - Throws: ``MQTTError/Code/refused`` when the broker does not take it, ``MQTTError/Code/queueFull``,
    ///   ``MQTTError/Code/stopped``.
    public func publish(_ message: MQTTMessage) async throws(MQTTError) {
        let completion = Completion()
        try put(message, completion)
        try await completion.outcome().get()
    }

    /// Hands a message over without waiting; what becomes of it is an event.
    public func post(_ message: MQTTMessage) throws(MQTTError) {
        try put(message, nil)
    }

    private func put(_ message: MQTTMessage, _ completion: Completion?) throws(MQTTError) {
        try message.check(largestPayload: settings.limits.largestPayload)
        try outbox.put(.publish(message, completion))
    }

    /// Subscribes now and after every reconnection; returns when the broker has agreed.
    public func subscribe(_ filter: String, quality: MQTTMessage.Quality) async throws(MQTTError) {
        guard MQTTMessage.isText(filter) else {
            throw MQTTError(.topicInvalid, "a filter of topics has 1 to 65535 bytes and no NUL; write it so")
        }
        let completion = Completion()
        try outbox.put(.subscribe(filter: filter, quality, completion))
        try await completion.outcome().get()
    }

    /// Messages that came and were thrown away since the start.
    public var dropped: Int { inbox.dropped }

    /// Says goodbye to the broker, so that no will is published, and ends. Takes a second at most: a thread that hangs in a
    /// connection attempt is left to end by itself.
    public func stop() async {
        outbox.stop()
        let limit = Task { [ended] in
            try? await Task.sleep(for: Self.longestStop)
            ended.finish(.success(()))
        }
        _ = await ended.wait()
        limit.cancel()
        inbox.finish()
    }
}
