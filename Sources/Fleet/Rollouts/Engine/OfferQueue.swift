import DeviceAuth
import UpdateTree

/// Whose turn it is to be offered the update. Not part of the state: it can be made anew from it at any time.
///
/// Each device is looked at once when its phase is open; those that may not have the update yet are held, and looked at
/// again when something about them changed.
public struct OfferQueue: Sendable {
    /// Devices that are offered the update in one go.
    public static let most = 5_000

    private var next = 0
    /// In the order in which they were looked at; those that are held no more leave it at the next look at all.
    private var held: [DeviceID] = []
    private var isHeld = Set<DeviceID>()
    private var looksAtHeld = false
    /// Held devices that changed.
    private var changed: [DeviceID] = []

    public init() {}

    /// Whether there may be somebody to offer the update to.
    func hasMore(in progress: RolloutProgress) -> Bool {
        guard let open = progress.current?.number else { return false }
        if looksAtHeld && !held.isEmpty || !changed.isEmpty { return true }
        return next < progress.devices.count && progress.devices[next].phase <= open
    }

    /// Whether the device was looked at and could not have the update.
    func holds(_ device: DeviceID) -> Bool { isHeld.contains(device) }

    /// Held devices may be eligible now.
    mutating func retry() { looksAtHeld = true }

    /// This one may be: the others need not be looked at for it.
    mutating func retry(_ device: DeviceID) { if holds(device) { changed.append(device) } }

    /// A device came back whose turn has been.
    mutating func takeBack(_ device: DeviceID, in progress: RolloutProgress) {
        guard let place = progress.place(of: device), place < next else { return }
        hold(device)
        changed.append(device)
    }

    private mutating func hold(_ device: DeviceID) {
        if isHeld.insert(device).inserted { held.append(device) }
    }

    /// What to look at again when what was taken could not be stored.
    mutating func reset() { self = OfferQueue() }

    /// The next devices, at most as many as the cap leaves room for.
    ///
    /// - Parameter judge: whether a device may have the update, and the one it has.
    mutating func take(
        from progress: RolloutProgress, judge: (DeviceID) -> (Eligibility, UpdateName?)
    ) -> RolloutDecision? {
        guard progress.state == .running, let open = progress.current?.number else { return nil }
        var room = min(Self.most, (progress.plan.cap ?? .max) - progress.counts.underway)
        guard room > 0 else { return nil }
        var lines: [RolloutLine] = []
        var offered = 0
        /// Whether the device may have the update.
        func look(at id: DeviceID) -> Bool {
            let (eligibility, previous) = judge(id)
            switch eligibility {
            case .eligible:
                lines.append(.offered(id, previous: previous))
                offered += 1
                room -= 1
            case .present(let target): lines += [.offered(id, previous: previous), .running(id, target: target)]
            case .excluded, .needs: return false
            }
            return true
        }
        func lookAgain(at id: DeviceID) {
            guard isHeld.contains(id) else { return }
            if progress[id]?.stage != .waiting || look(at: id) { isHeld.remove(id) }
        }
        while room > 0, let id = changed.popLast() { lookAgain(at: id) }
        if looksAtHeld {
            var rest = held[...]
            var kept: [DeviceID] = []
            while room > 0, lines.count < 2 * Self.most, let id = rest.popFirst() {
                lookAgain(at: id)
                if isHeld.contains(id) { kept.append(id) }
            }
            looksAtHeld = room == 0 && !rest.isEmpty
            held = kept + rest
        }
        while room > 0, lines.count < 2 * Self.most, next < progress.devices.count, progress.devices[next].phase <= open {
            let device = progress.devices[next]
            next += 1
            if device.stage == .waiting, !look(at: device.id) { hold(device.id) }
        }
        guard !lines.isEmpty else { return nil }
        let waiting = progress.counts[.waiting] - lines.count { if case .offered = $0 { true } else { false } }
        return RolloutDecision(
            lines, because: "phase \(open) is open: \(offered) devices were offered the update, \(waiting) wait")
    }
}
