import DeviceAuth
import UpdateTree

/// One rollout as `rollout.json` keeps it: what was asked for, and how it stood when the file was written. Its devices lie
/// beside it in `devices.json`, and what happened in `events`, which has the last word about the state.
public struct Rollout: Equatable, Sendable {
    public enum State: String, Codable, Sendable, CaseIterable {
        case draft
        /// Started, and waits for its time or for an approval.
        case scheduled
        case running
        case paused
        /// Nobody can bring news that matters any more.
        case completed
        case aborted
        /// Every device has again what it had before.
        case reverted

        /// Whether it has devices that are its own.
        public var isUnderway: Bool { self == .running || self == .paused }
        public var hasEnded: Bool { self == .completed || self == .aborted || self == .reverted }
    }

    public let id: RolloutID
    public let update: UpdateKey
    /// Seconds since 1970.
    public let createdAt: Int64
    /// Nil when it was made before this was noted.
    public var createdBy: String?
    public var plan: RolloutPlan
    public var startedAt: Int64?
    public var state: State
    /// Why it is paused.
    public var pause: Pause?
    /// The last phase that opened, 1 and up.
    public var phase: Int?
    /// Devices that take no part, and why.
    public var skipped: [Skipped]
    /// Nothing is left to be done to the devices' records: what has ended is not looked at again.
    public var isSettled: Bool

    public init(id: RolloutID, update: UpdateKey, createdAt: Int64, createdBy: String? = nil, plan: RolloutPlan = .plain) {
        self.id = id
        self.update = update
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.plan = plan
        state = .draft
        skipped = []
        isSettled = false
    }

    /// A device that the rollout left out when it started.
    public struct Skipped: Codable, Equatable, Sendable {
        public enum Reason: String, Codable, Sendable {
            case unknown = "device-unknown"
            case denied = "device-denied"
            case otherChannel = "channel-differs"
            case otherTag = "tag-differs"
        }

        public let uuid: DeviceID
        public let reason: Reason

        public init(uuid: DeviceID, reason: Reason) {
            self.uuid = uuid
            self.reason = reason
        }
    }
}
