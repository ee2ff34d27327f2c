/// What a collection removed, or would, and what stays, in sums.
public struct CollectionSummary: Sendable, Equatable {
    public struct Sum: Sendable, Equatable {
        public internal(set) var files: Int64 = 0
        public internal(set) var bytes: Int64 = 0

        mutating func add(_ size: Int64) {
            files += 1
            bytes += size
        }
    }

    public internal(set) var removed = Sum()
    /// Held by updates.
    public internal(set) var inUse = Sum()
    /// Held by none, but not for long enough.
    public internal(set) var withinGrace = Sum()
    /// Damaged and set aside, and still held by updates.
    public internal(set) var damaged = Sum()
    /// No content of updates: a collection leaves it alone.
    public internal(set) var foreign = Sum()
}
