import DeviceAuth
import Synchronization

/// The running rollouts in memory: which one a device belongs to, and how far each is.
///
/// A device belongs to the rollout that assigned it last. Everything here can be rebuilt from the files.
public final class RolloutBoard: Sendable {
    private struct Contents {
        var progress: [RolloutID: RolloutProgress] = [:]
        var rolloutOfDevice: [DeviceID: RolloutID] = [:]
    }

    private let contents = Mutex(Contents())
    private let additions = Atomic<UInt64>(1)
    public let feed = RolloutFeed()

    public init() {}

    /// Adds devices to a running rollout and takes them from the one they were in. Returns the rollouts that this
    /// completed.
    func add(_ devices: [DeviceID], to rollout: RolloutID) -> [RolloutID] {
        defer { additions.add(1, ordering: .releasing) }
        return contents.withLock { contents in
            var touched = Set<RolloutID>()
            contents.progress[rollout, default: RolloutProgress()].add(devices)
            for device in devices {
                if let before = contents.rolloutOfDevice.updateValue(rollout, forKey: device), before != rollout {
                    contents.progress[before]?.supersede(device)
                    touched.insert(before)
                }
            }
            return touched.filter { contents.progress[$0]?.isComplete ?? false }
        }
    }

    /// Rises when devices were added: who saw the same number before need not ask again.
    public var generation: UInt64 { additions.load(ordering: .acquiring) }

    /// Puts a running rollout back as its files tell it. `owned` are the devices that nobody took over since.
    func restore(_ progress: RolloutProgress, owned: [DeviceID], of rollout: RolloutID) {
        contents.withLock { contents in
            contents.progress[rollout] = progress
            for device in owned {
                if let before = contents.rolloutOfDevice.updateValue(rollout, forKey: device), before != rollout {
                    contents.progress[before]?.supersede(device)
                }
            }
        }
    }

    /// Rollouts that nobody can bring news to any more.
    var completed: [RolloutID] {
        contents.withLock { contents in contents.progress.filter { $0.value.isComplete }.map(\.key) }
    }

    /// Takes a stored line in and wakes the listeners. True when it completed the rollout.
    func apply(_ line: RolloutLine, to rollout: RolloutID) -> Bool {
        let completed = contents.withLock { contents in
            let before = contents.progress[rollout]?.isComplete ?? true
            contents.progress[rollout]?.apply(line)
            return !before && contents.progress[rollout]?.isComplete ?? false
        }
        feed.wake(rollout)
        return completed
    }

    /// The rollout that a device's news belong to.
    public func rollout(of device: DeviceID) -> RolloutID? { contents.withLock { $0.rolloutOfDevice[device] } }

    /// Whether the device has not yet been seen by its rollout.
    public func awaitsFirstSight(_ device: DeviceID) -> RolloutID? {
        contents.withLock { contents in
            guard let rollout = contents.rolloutOfDevice[device],
                contents.progress[rollout]?.devices[device]?.phase == .assigned
            else { return nil }
            return rollout
        }
    }

    public func progress(of rollout: RolloutID) -> RolloutProgress? { contents.withLock { $0.progress[rollout] } }

    /// Forgets a completed rollout; its files still tell how it went.
    func remove(_ rollout: RolloutID) {
        contents.withLock { contents in
            guard let progress = contents.progress.removeValue(forKey: rollout) else { return }
            for device in progress.devices.keys where contents.rolloutOfDevice[device] == rollout {
                contents.rolloutOfDevice[device] = nil
            }
        }
    }
}
