import Synchronization

/// What callers ask of the client's thread; bounded in messages and bytes until the broker has acknowledged them.
final class Outbox: Sendable {
    enum Command: Sendable {
        /// Without a completion nobody waits.
        case publish(MQTTMessage, Completion?)
        case subscribe(filter: String, MQTTMessage.Quality, Completion)
    }

    private struct State {
        var commands: [Command] = []
        var messages = 0
        var bytes = 0
        var isStopping = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let limits: MQTTLimits
    private let wake: Wake

    init(limits: MQTTLimits, wake: Wake) {
        self.limits = limits
        self.wake = wake
    }

    func put(_ command: Command) throws(MQTTError) {
        let problem: MQTTError? = state.withLock { state in
            if state.isStopping || state.hasEnded { return Self.stopped }
            if case .publish(let message, _) = command {
                guard state.messages < limits.outboxMessages, state.bytes + message.weight <= limits.outboxBytes else {
                    return MQTTError(
                        .queueFull,
                        "\(state.messages) messages wait for the broker's word already; see why it does not take them, and send this one later"
                    )
                }
                state.messages += 1
                state.bytes += message.weight
            }
            state.commands.append(command)
            return nil
        }
        if let problem { throw problem }
        wake.raise()
    }

    /// Everything that was asked since the last time.
    func takeAll() -> [Command] {
        state.withLock { state in
            defer { state.commands.removeAll(keepingCapacity: true) }
            return state.commands
        }
    }

    /// The broker has it, or never will.
    func settle(weight: Int) {
        state.withLock { state in
            state.messages -= 1
            state.bytes -= weight
        }
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }
    /// Messages that the broker has not acknowledged.
    var waiting: Int { state.withLock { $0.messages } }

    func stop() {
        state.withLock { $0.isStopping = true }
        wake.raise()
    }

    /// No command is taken any more; those that were left are answered.
    func end() {
        state.withLock { $0.hasEnded = true }
        for command in takeAll() {
            switch command {
            case .publish(_, let completion): completion?.finish(.failure(Self.stopped))
            case .subscribe(_, _, let completion): completion.finish(.failure(Self.stopped))
            }
        }
    }

    static let stopped = MQTTError(.stopped, "the client has been stopped; start another one")
}
