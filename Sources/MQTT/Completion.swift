import Synchronization

/// The outcome of one thing that was asked of the broker; only the first outcome counts.
final class Completion: Sendable {
    typealias Outcome = Result<Void, MQTTError>

    private enum State {
        case open([CheckedContinuation<Outcome, Never>])
        case finished(Outcome)
    }

    private let state = Mutex(State.open([]))

    func finish(_ outcome: Outcome) {
        let waiting: [CheckedContinuation<Outcome, Never>] = state.withLock { state in
            guard case .open(let waiting) = state else { return [] }
            state = .finished(outcome)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }

    /// Waits, whatever happens to the task.
    func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let finished: Outcome? = state.withLock { state in
                switch state {
                case .finished(let outcome): return outcome
                case .open(let waiting):
                    state = .open(waiting + [continuation])
                    return nil
                }
            }
            if let finished { continuation.resume(returning: finished) }
        }
    }

    /// Waits until there is an outcome, or the task is cancelled: then that is the outcome.
    func outcome() async -> Outcome {
        await withTaskCancellationHandler {
            await wait()
        } onCancel: {
            finish(.failure(MQTTError(.stopped, "the caller stopped waiting for the broker's word; the message may still arrive")))
        }
    }
}
