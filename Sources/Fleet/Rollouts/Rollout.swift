import DeviceAuth
import UpdateTree

/// One rollout as `rollout.json` keeps it. Its devices lie beside it, in `devices.json`.
public struct Rollout: Equatable, Sendable {
    public enum State: String, Codable, Sendable {
        case created
        /// The decision to assign is stored, the assignment perhaps not yet: the next start goes on here.
        case starting
        case active
        /// Every device has the update, or was taken over by a later rollout.
        case completed
    }

    public let id: RolloutID
    public let update: UpdateKey
    /// Seconds since 1970.
    public let createdAt: Int64
    public var startedAt: Int64?
    public var state: State
    /// While `starting`: the devices to assign; nil means all of the rollout's.
    public var pending: [DeviceID]?
    /// Devices that did not get the update when it was assigned, and why.
    public var skipped: [Skipped]

    public init(id: RolloutID, update: UpdateKey, createdAt: Int64) {
        self.id = id
        self.update = update
        self.createdAt = createdAt
        state = .created
        skipped = []
    }

    /// A device that the rollout could not assign.
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
