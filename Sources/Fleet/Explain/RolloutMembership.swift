import DeviceAuth
import UpdateTree

/// A device's place in a rollout that is scheduled or under way, and how far that rollout is.
public struct RolloutMembership: Equatable, Sendable {
    public let rollout: RolloutID
    public let update: UpdateKey
    public let plan: RolloutPlan
    public let state: Rollout.State
    let pause: Pause?
    let isApproved: Bool
    /// Names of the update's targets; empty when they are not known.
    let targets: Set<String>
    /// Empty before the start.
    let phases: [PhaseProgress]
    /// Devices that are updating.
    let underway: Int
    /// Nil before the start.
    public let device: DeviceProgress?

    init(_ entry: RolloutBoard.Entry, of device: DeviceID) {
        rollout = entry.progress.rollout
        update = entry.update
        plan = entry.progress.plan
        state = entry.progress.state
        pause = entry.progress.pause
        isApproved = entry.progress.isApproved
        targets = entry.targets
        phases = entry.progress.phases
        underway = entry.progress.counts.underway
        self.device = entry.progress[device]
    }

    /// The phase that opened last; nil before the first.
    var current: PhaseProgress? { phases.last { $0.openedAt != nil } }

    /// How many phases there are.
    public var phaseCount: Int { plan.steps.count }
}

extension RolloutBoard {
    /// The device's place in the rollout that it belongs to.
    func membership(of device: DeviceID) -> RolloutMembership? {
        rollout(of: device).flatMap { look(at: $0) { RolloutMembership($0, of: device) } }
    }

    /// Why rollouts that are under way left the device out.
    func exclusions(of device: DeviceID) -> [(rollout: RolloutID, reason: Rollout.Skipped.Reason)] {
        ids.compactMap { id in
            let skipped = look(at: id) { entry in entry.progress[device] == nil ? entry.progress.skipped : [] } ?? []
            return skipped.last { $0.uuid == device }.map { (id, $0.reason) }
        }
    }
}
