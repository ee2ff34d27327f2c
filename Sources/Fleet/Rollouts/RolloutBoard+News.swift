import DeviceAuth

/// What a contact of a device means for its rollout.
public enum RolloutNews: Equatable, Sendable {
    /// Its first contact since it was offered the update.
    case seen(RolloutID)
    /// It runs a target of the update.
    case running(RolloutID, target: String)
    /// It could not have the update, changed, and may be offered it now.
    case changed(RolloutID)
}

extension RolloutBoard {
    /// Nil when the contact is no news. To be asked when a device's record changed or ``generation`` did.
    ///
    /// - Parameters:
    ///   - target: what the device says it runs.
    ///   - isChanged: its record changed; a waiting device that did not is no news, however often it comes.
    public func news(of device: DeviceID, target: String?, isChanged: Bool = false) -> RolloutNews? {
        guard let rollout = rollout(of: device) else { return nil }
        return look(at: rollout) { entry -> RolloutNews? in
            guard let progress = entry.progress[device], !progress.stage.hasLeft else { return nil }
            if progress.stage == .waiting { return isChanged && entry.queue.holds(device) ? .changed(rollout) : nil }
            if let target, entry.targets.contains(target), progress.stage != .succeeded { return .running(rollout, target: target) }
            return progress.wasSeen ? nil : .seen(rollout)
        } ?? nil
    }

    /// The rollout that an event counts for: the device's, when it was offered the update and the event is about no other.
    public func rollout(for event: DeviceEvent, of device: DeviceID) -> RolloutID? {
        guard let rollout = rollout(of: device) else { return nil }
        let counts = look(at: rollout) { entry -> Bool in
            guard let stage = entry.progress[device]?.stage, stage != .waiting, !stage.hasLeft else { return false }
            guard !entry.targets.isEmpty else { return true }
            // Clients name the target by its file, or by name and version.
            let (target, version) = (event.event.targetName, event.event.version)
            if let target, entry.targets.contains(target) { return true }
            guard let version else { return target == nil }
            return entry.targets.contains { $0 == version || $0.hasSuffix("-\(version)") }
        }
        return counts == true ? rollout : nil
    }
}
