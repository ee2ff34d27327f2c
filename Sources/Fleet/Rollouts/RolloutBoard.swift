import DeviceAuth
import Synchronization
import UpdateTree

/// The rollouts that are scheduled or under way, in memory: which one a device belongs to, and how far each is.
///
/// It changes by stored lines alone, told in the order of the files: everything here can be made anew from them.
public final class RolloutBoard: Sendable {
    struct Entry: Sendable {
        let update: UpdateKey
        /// Names of the update's targets; empty when they are not known.
        let targets: Set<String>
        var progress: RolloutProgress
        var queue = OfferQueue()
        /// When the next device's silence may have lasted too long; nil to look.
        var nextSilence: Int64?
    }

    private struct Contents {
        var entries: [RolloutID: Entry] = [:]
        var owners: [DeviceID: RolloutID] = [:]
        /// How often lines of a rollout were told.
        var versions: [RolloutID: UInt64] = [:]
    }

    private let contents = Mutex(Contents())
    private let offers = Atomic<UInt64>(1)
    private let staleness = Atomic<Bool>(false)
    private let dueSignal: AsyncStream<RolloutID>.Continuation
    /// Rollouts for which something follows from what was stored. To be read by one task.
    public let due: AsyncStream<RolloutID>
    public let feed = RolloutFeed()

    public init() {
        (due, dueSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
    }

    // MARK: Lines

    /// Takes stored lines in and wakes who waits for them. To be called in the order of the file.
    public func stored(_ lines: [RolloutLine], in rollout: RolloutID) {
        let isDue = contents.withLock { contents -> Bool in
            contents.versions[rollout, default: 0] += 1
            guard contents.entries[rollout] != nil else { return false }
            var hasOffers = false
            for line in lines {
                contents.entries[rollout]?.progress.apply(line)
                switch line {
                case .offered: hasOffers = true
                case .joined(let id):
                    contents.owners[id] = rollout
                    if let progress = contents.entries[rollout]?.progress {
                        contents.entries[rollout]?.queue.takeBack(id, in: progress)
                    }
                case .superseded(let id, _), .putBack(let id, _):
                    if contents.owners[id] == rollout { contents.owners[id] = nil }
                default: break
                }
            }
            if hasOffers { offers.add(1, ordering: .releasing) }
            guard let entry = contents.entries[rollout], entry.progress.state == .running else { return false }
            // Time that has to pass is the clock's business; this is about what the lines brought.
            return entry.progress.ruling(at: entry.progress.time) != nil
                || entry.progress.plan.cap != nil && entry.queue.hasMore(in: entry.progress)
        }
        feed.wake(rollout)
        if isDue { dueSignal.yield(rollout) }
    }

    /// Lines reached the files that the board was not told of: it is to be made anew.
    public func markStale() { staleness.store(true, ordering: .releasing) }

    func takeStaleness() -> Bool { staleness.exchange(false, ordering: .acquiringAndReleasing) }

    /// Puts a rollout on the board, or in the place of its older self.
    ///
    /// - Parameters:
    ///   - takesAll: also devices that this rollout is done with and another has.
    ///   - isForeign: whether a device that this rollout is done with was given another update since.
    ///   - version: what ``version(of:)`` was when the files were read. False when lines were told since.
    func put(
        _ progress: RolloutProgress, update: UpdateKey, targets: Set<String>, takesAll: Bool, ifStill version: UInt64,
        isForeign: (DeviceID) -> Bool
    ) -> Bool {
        let rollout = progress.rollout
        let isPut = contents.withLock { contents in
            guard contents.versions[rollout] ?? 0 == version else { return false }
            contents.entries[rollout] = Entry(update: update, targets: targets, progress: progress)
            for device in progress.devices where !device.stage.hasLeft {
                // One that has ended takes nothing from a rollout that is under way.
                if device.isFinal || progress.state.hasEnded {
                    if isForeign(device.id) { continue }
                    if let other = contents.owners[device.id], other != rollout,
                        !takesAll || contents.entries[other]?.progress[device.id]?.isFinal == false
                    {
                        continue
                    }
                }
                contents.owners[device.id] = rollout
            }
            return true
        }
        guard isPut else { return false }
        offers.add(1, ordering: .releasing)
        feed.wake(rollout)
        return true
    }

    func version(of rollout: RolloutID) -> UInt64 { contents.withLock { $0.versions[rollout] ?? 0 } }

    /// Forgets a rollout that has ended; its files still tell how it went.
    func remove(_ rollout: RolloutID) {
        contents.withLock { contents in
            guard let entry = contents.entries.removeValue(forKey: rollout) else { return }
            contents.versions[rollout] = nil
            for device in entry.progress.devices where contents.owners[device.id] == rollout { contents.owners[device.id] = nil }
        }
        feed.wake(rollout)
    }

    // MARK: Decisions

    /// What follows for a rollout now; nil when nothing does.
    func decide(
        _ rollout: RolloutID, at now: Int64, judge: (DeviceID, Entry) -> (Eligibility, UpdateName?)
    ) -> RolloutDecision? {
        contents.withLock { contents in
            guard let entry = contents.entries[rollout], entry.progress.state == .running else { return nil }
            if let ruling = entry.progress.ruling(at: now) { return ruling }
            guard entry.progress.plan.window?.isOpen(at: now) ?? true else { return nil }
            return contents.entries[rollout]?.queue.take(from: entry.progress) { judge($0, entry) }
        }
    }

    /// Devices whose silence lasted to the deadline.
    func silent(_ rollout: RolloutID, at now: Int64) -> RolloutDecision? {
        contents.withLock { contents in
            guard let entry = contents.entries[rollout], entry.nextSilence ?? .min <= now else { return nil }
            let (decision, next) = entry.progress.silent(at: now, limit: OfferQueue.most)
            // A device that is offered the update later cannot be silent for long before this.
            contents.entries[rollout]?.nextSilence = min(next ?? .max, now + (entry.progress.plan.deadline?.seconds ?? 60))
            return decision
        }
    }

    /// Looks again at devices that could not be offered the update.
    func retryHeld(_ rollout: RolloutID) { contents.withLock { $0.entries[rollout]?.queue.retry() } }

    /// Looks again at one of them.
    func retryHeld(_ device: DeviceID, of rollout: RolloutID) { contents.withLock { $0.entries[rollout]?.queue.retry(device) } }

    /// What was decided could not be stored: it will be decided again.
    func takeBack(_ rollout: RolloutID) {
        contents.withLock {
            $0.entries[rollout]?.queue.reset()
            $0.entries[rollout]?.nextSilence = nil
        }
    }

    // MARK: Looking

    /// In the order in which they are looked after: priority first, then age.
    var ids: [RolloutID] {
        contents.withLock { contents in
            contents.entries.sorted { left, right in
                let (one, other) = (left.value.progress.plan.priority, right.value.progress.plan.priority)
                return one != other ? one > other : left.key.text < right.key.text
            }.map(\.key)
        }
    }

    public func progress(of rollout: RolloutID) -> RolloutProgress? { contents.withLock { $0.entries[rollout]?.progress } }

    /// Cheaper than ``progress(of:)`` where one device or one number is asked for.
    func look<Value: Sendable>(at rollout: RolloutID, _ body: (Entry) -> Value) -> Value? {
        contents.withLock { contents in contents.entries[rollout].map(body) }
    }

    /// Rises when devices were offered an update: who saw the same number before need not ask for ``news(of:target:)`` again.
    public var generation: UInt64 { offers.load(ordering: .acquiring) }

    /// The rollout that a device belongs to, and how far it is there.
    public func standing(of device: DeviceID) -> (rollout: RolloutID, device: DeviceProgress)? {
        contents.withLock { contents in
            guard let rollout = contents.owners[device], let progress = contents.entries[rollout]?.progress[device] else { return nil }
            return (rollout, progress)
        }
    }

    public func rollout(of device: DeviceID) -> RolloutID? { contents.withLock { $0.owners[device] } }

    /// Devices of these that another rollout is not done with.
    func conflicts(of devices: [DeviceID], with rollout: RolloutID) -> [(device: DeviceID, rollout: RolloutID)] {
        contents.withLock { contents in
            devices.compactMap { device in
                guard let owner = contents.owners[device], owner != rollout,
                    contents.entries[owner]?.progress[device]?.isFinal == false
                else { return nil }
                return (device, owner)
            }
        }
    }
}
