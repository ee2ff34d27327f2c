/// When a change of snapd's is looked at next, and since when it is watched. Milliseconds since 1970.
struct Polling: Equatable, Sendable {
    private(set) var at: Int64 = 0
    private var count = 0
    private var begun: Int64?

    /// A change was begun, or found.
    mutating func begin(at now: Int64) {
        begun = now
        count = 0
        at = now + AgentTiming.poll(0)
    }

    /// It is not over yet.
    mutating func again(at now: Int64) {
        begun = begun ?? now
        count += 1
        at = now + AgentTiming.poll(count)
    }

    /// For how long this process has watched it.
    func age(at now: Int64) -> Int64 { begun.map { now - $0 } ?? 0 }
}
