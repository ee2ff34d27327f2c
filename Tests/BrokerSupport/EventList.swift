import Synchronization

/// What happened so far, and a way to wait for what must happen.
public final class EventList<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var waiting: [(condition: @Sendable ([Event]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    public init() {}

    public var all: [Event] { state.withLock { $0.events } }

    public func add(_ event: Event) {
        let ready = state.withLock { state in
            state.events.append(event)
            let ready = state.waiting.filter { $0.condition(state.events) }.map(\.continuation)
            state.waiting.removeAll { $0.condition(state.events) }
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    /// Returns once the condition holds of all events; the time limit of the test is the bound.
    public func wait(_ condition: @escaping @Sendable ([Event]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let holds = state.withLock { state in
                if condition(state.events) { return true }
                state.waiting.append((condition, continuation))
                return false
            }
            if holds { continuation.resume() }
        }
    }
}
