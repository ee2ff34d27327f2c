import DeviceAuth
import UpdateTree

/// Whether a device may be offered an update now. Pure decisions.
public enum Eligibility: Equatable, Sendable {
    case eligible
    /// It runs the update already.
    case present(target: String)
    case excluded(Rollout.Skipped.Reason)
    /// It must run this version first.
    case needs(version: Int)

    /// Whether a device can take part at all.
    public static func exclusion(of state: DeviceState?, from update: UpdateKey) -> Rollout.Skipped.Reason? {
        guard let state, !state.isDeleted else { return .unknown }
        if state.isDenied { return .denied }
        if state.channel != update.channel { return .otherChannel }
        if state.tag != update.tag { return .otherTag }
        return nil
    }

    /// - Parameter targets: names of the update's targets.
    public static func of(_ state: DeviceState?, for update: UpdateKey, targets: Set<String>, minVersion: Int?) -> Eligibility {
        if let reason = exclusion(of: state, from: update) { return .excluded(reason) }
        if let target = state?.targetName, targets.contains(target) { return .present(target: target) }
        if let minVersion, (state?.targetName).flatMap(DeviceFacts.version) ?? -1 < Int64(minVersion) { return .needs(version: minVersion) }
        return .eligible
    }
}
