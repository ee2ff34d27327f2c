import Synchronization

/// How many requests may be under way at once; whoever comes later waits in line.
final class Places: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        var first = 0
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func take() async throws {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
        guard Task.isCancelled else { return }
        give()
        throw CancellationError()
    }

    func give() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard state.first < state.waiting.count else {
                state.free += 1
                return nil
            }
            defer {
                state.first += 1
                // Half of it is behind us: in amortised constant time.
                if state.first * 2 > state.waiting.count {
                    state.waiting.removeFirst(state.first)
                    state.first = 0
                }
            }
            return state.waiting[state.first]
        }
        next?.resume()
    }
}
