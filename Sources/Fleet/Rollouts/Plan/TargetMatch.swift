/// Whether a device is one that a rollout is for.
struct TargetMatch: Sendable {
    private enum Choice {
        case group(GroupName)
        case filter(Filter)
    }

    private let choice: Choice

    init(_ targets: RolloutTargets) throws(FleetError) {
        switch targets.choice {
        case .group(let group): choice = .group(group)
        case .filter(let text): choice = .filter(try Filter(text))
        }
    }

    func holds(for entry: DeviceEntry, _ state: DeviceState, now: Int64) -> Bool {
        switch choice {
        case .group(let group): state.group == group
        case .filter(let filter): filter.matches(DeviceFacts(entry), now: now)
        }
    }
}
