import Synchronization

/// Wakes those who follow a topic. It carries no data: a listener reads the topic's file from where it stands, so one
/// that is slow holds nothing back and loses nothing.
///
/// A topic that is a part of a larger file says where its lines are, so that its listeners read nothing else.
public final class TailFeed<Topic: Hashable & Sendable>: Sendable {
    private struct Listeners {
        var nextNumber = 0
        var ofTopic: [Topic: [Int: TailMailbox]] = [:]
    }

    private let listeners = Mutex(Listeners())

    public init() {}

    /// Hears of every growth from now on, until what is returned is let go.
    public func listen(to topic: Topic) -> TailListening {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let mailbox = TailMailbox(continuation)
        let number = listeners.withLock { listeners in
            listeners.nextNumber += 1
            listeners.ofTopic[topic, default: [:]][listeners.nextNumber] = mailbox
            return listeners.nextNumber
        }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { listeners in
                listeners.ofTopic[topic]?[number] = nil
                if listeners.ofTopic[topic]?.isEmpty == true { listeners.ofTopic[topic] = nil }
            }
        }
        return TailListening(growth: stream, mailbox: mailbox)
    }

    /// - Parameter span: where the topic's new lines are; nil when all that is new is the topic's.
    public func wake(_ topic: Topic, at span: Range<Int64>? = nil) {
        let woken = listeners.withLock { $0.ofTopic[topic].map { Array($0.values) } ?? [] }
        for mailbox in woken { mailbox.put(span) }
    }

    /// For growth of which nobody knows whose it is.
    public func wakeAll() { for mailbox in all { mailbox.put(nil) } }

    /// Ends every tail: for a graceful stop.
    public func finish() { for mailbox in all { mailbox.finish() } }

    private var all: [TailMailbox] { listeners.withLock { $0.ofTopic.values.flatMap { $0.values } } }
}
