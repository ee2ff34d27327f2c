import Synchronization

/// Messages that came and were not taken yet; bounded in number and bytes.
///
/// Full, it asks for a pause in reading (``hasRoom``). What was in the same read is still taken in when it was promised to
/// arrive (at least once), up to twice the bounds; the rest is dropped and counted.
final class Inbox: Sendable {
    private struct State {
        var messages: [MQTTMessage] = []
        /// Those before this index were taken.
        var head = 0
        var bytes = 0
        var dropped = 0
        var isFinished = false
        var reader: CheckedContinuation<MQTTMessage?, Never>?

        func isFull(_ limits: MQTTLimits, times: Int = 1) -> Bool {
            messages.count - head >= limits.inboxMessages * times || bytes >= limits.inboxBytes * times
        }

        mutating func take() -> MQTTMessage? {
            guard head < messages.count else { return nil }
            let message = messages[head]
            head += 1
            bytes -= message.weight
            if head == messages.count {
                messages.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 1024, head * 2 >= messages.count {
                messages.removeFirst(head)
                head = 0
            }
            return message
        }
    }

    private let state = Mutex(State())
    private let limits: MQTTLimits
    private let wake: Wake

    init(limits: MQTTLimits, wake: Wake) {
        self.limits = limits
        self.wake = wake
    }

    /// Whether more may be read from the broker.
    var hasRoom: Bool { state.withLock { !$0.isFull(limits) } }

    var dropped: Int { state.withLock { $0.dropped } }

    /// False when it was dropped.
    func put(_ message: MQTTMessage) -> Bool {
        let isSmall = message.payload.count <= limits.largestPayload
        let (isTaken, reader): (Bool, CheckedContinuation<MQTTMessage?, Never>?) = state.withLock { state in
            guard isSmall, !state.isFull(limits, times: message.quality == .atMostOnce ? 1 : 2), !state.isFinished else {
                state.dropped += 1
                return (false, nil)
            }
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            state.messages.append(message)
            state.bytes += message.weight
            return (true, nil)
        }
        reader?.resume(returning: message)
        return isTaken
    }

    /// The next message; nil after the end, or when the task was cancelled. For one reader.
    func next() async -> MQTTMessage? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { wait(with: $0) }
        } onCancel: {
            finish()
        }
    }

    private func wait(with continuation: CheckedContinuation<MQTTMessage?, Never>) {
        let (answer, wasFull): (MQTTMessage??, Bool) = state.withLock { state in
            let wasFull = state.isFull(limits)
            if let message = state.take() { return (.some(message), wasFull && !state.isFull(limits)) }
            if state.isFinished { return (.some(nil), false) }
            state.reader = continuation
            return (nil, false)
        }
        if wasFull { wake.raise() }
        if let answer { continuation.resume(returning: answer) }
    }

    /// What is in it can still be taken.
    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }
}
