import DeviceAuth

/// Lines for a rollout's `events`, and what goes with them: sentences for its `decisions`, and its list of devices.
public struct RolloutEntry: Sendable {
    public let rollout: RolloutID
    public let lines: [RolloutLine]
    public let notes: [RolloutNote]
    /// The list of devices from now on; nil when it stays.
    public let devices: [DeviceID]?

    public init(_ rollout: RolloutID, _ lines: [RolloutLine], notes: [RolloutNote] = [], devices: [DeviceID]? = nil) {
        self.rollout = rollout
        self.lines = lines
        self.notes = notes
        self.devices = devices
    }
}

/// Why something was decided: one line of a rollout's `decisions` file.
public struct RolloutNote: Codable, Equatable, Sendable {
    /// Seconds since 1970.
    public let at: Int64
    /// What was decided: the line, or how many of which kind.
    public let what: String
    public let because: String

    public init(at: Int64, what: String, because: String) {
        self.at = at
        self.what = what
        self.because = because
    }
}

/// Where the lines of rollouts are stored.
///
/// Whoever implements it tells the board of every line that was stored, in the order of the file and before the call
/// returns: see ``RolloutBoard/stored(_:in:)``.
public protocol RolloutLedger: Sendable {
    /// Stores all of it or nothing; returned only when it is on the disk.
    func append(_ entries: [RolloutEntry]) async throws
}
