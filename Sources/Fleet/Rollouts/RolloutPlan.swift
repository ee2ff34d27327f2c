import DeviceAuth
import UpdateTree

/// Which devices of a rollout get its update. A pure decision.
public struct RolloutPlan: Equatable, Sendable {
    public let assign: [DeviceID]
    public let skipped: [Rollout.Skipped]

    public init(update: UpdateKey, devices: [DeviceID], state: (DeviceID) -> DeviceState?) {
        var assign: [DeviceID] = []
        var skipped: [Rollout.Skipped] = []
        assign.reserveCapacity(devices.count)
        for id in devices {
            if let reason = Self.reason(against: state(id), update: update) {
                skipped.append(Rollout.Skipped(uuid: id, reason: reason))
            } else {
                assign.append(id)
            }
        }
        self.assign = assign
        self.skipped = skipped
    }

    private static func reason(against state: DeviceState?, update: UpdateKey) -> Rollout.Skipped.Reason? {
        guard let state, !state.isDeleted else { return .unknown }
        if state.isDenied { return .denied }
        if state.channel != update.channel { return .otherChannel }
        if state.tag != update.tag { return .otherTag }
        return nil
    }
}
