import Snaps

/// What a device was told to install because its model requires it, and how that went. The last one is kept.
public struct RequiredInstall: Equatable, Sendable {
    public enum State: String, Sendable {
        /// To be told; devices are told at a bounded rate.
        case waiting
        case told
        /// The agent has it on its disk.
        case accepted
        /// The agent says that it is done; the next list is the proof.
        case done
        /// The agent could not do it this time.
        case failed
        /// A list showed every snap.
        case installed
    }

    public var request: SentRequest
    /// Sorted.
    public let missing: [SnapName]
    public var state: State
    /// The agent's words, mostly snapd's.
    public var message: String
    /// When it began to be missing, and when the state changed last; seconds since 1970.
    public let since: Int64
    public var changedAt: Int64

    public init(
        request: SentRequest, missing: [SnapName], state: State = .waiting, message: String = "", since: Int64, changedAt: Int64
    ) {
        self.request = request
        self.missing = missing
        self.state = state
        self.message = message
        self.since = since
        self.changedAt = changedAt
    }

    /// How often an agent is told that nothing is required any more.
    static let mostWithdrawals = 5

    /// Whether it is still to be brought about.
    public var isOpen: Bool { state != .installed }
}
