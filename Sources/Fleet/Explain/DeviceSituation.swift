import DeviceAuth
import UpdateTree

/// Everything that decides which update a device gets now: what an ``Explanation`` is made of.
public struct DeviceSituation: Sendable {
    public let id: DeviceID
    /// Nil while the device is none yet.
    public let state: DeviceState?
    /// Seconds since 1970; 0 when it was never seen.
    public let lastSeen: Int64
    /// Of a device that waits to be let in, or was rejected.
    public let registration: Registration?
    /// In the rollout that it belongs to.
    public let membership: RolloutMembership?
    /// In rollouts that are for it and have not started.
    public let scheduled: [RolloutMembership]
    /// Rollouts under way that left it out.
    public let exclusions: [(rollout: RolloutID, reason: Rollout.Skipped.Reason)]
    /// Whether the update that its record leads to is served; nil when it leads to none.
    public let serving: UpdateServing?
    /// Seconds since 1970.
    public let now: Int64

    init(
        id: DeviceID, state: DeviceState?, lastSeen: Int64 = 0, registration: Registration? = nil, membership: RolloutMembership? = nil,
        scheduled: [RolloutMembership] = [], exclusions: [(rollout: RolloutID, reason: Rollout.Skipped.Reason)] = [],
        serving: UpdateServing? = nil, now: Int64
    ) {
        self.id = id
        self.state = state
        self.lastSeen = lastSeen
        self.registration = registration
        self.membership = membership
        self.scheduled = scheduled
        self.exclusions = exclusions
        self.serving = serving
        self.now = now
    }

    /// Which update the device's record leads to.
    var resolution: Resolution? {
        guard let state, !state.isDeleted else { return nil }
        return Resolution(channel: state.channel, tag: state.tag, assigned: state.updateName)
    }
}
