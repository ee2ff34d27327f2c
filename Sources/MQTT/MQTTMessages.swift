/// The messages of a client's subscriptions, in the order in which they came; for one reader. Ends when the client stops.
public struct MQTTMessages: AsyncSequence, Sendable {
    public typealias Element = MQTTMessage
    public typealias Failure = Never

    public struct Iterator: AsyncIteratorProtocol {
        let inbox: Inbox

        public mutating func next() async -> MQTTMessage? { await inbox.next() }

        public mutating func next(isolation actor: isolated (any Actor)?) async -> MQTTMessage? { await inbox.next() }
    }

    let inbox: Inbox

    public func makeAsyncIterator() -> Iterator { Iterator(inbox: inbox) }
}
