import DeviceAuth
import UpdateTree

/// The state of a rollout: what its lines make of it, one at a time, each in constant time.
///
/// ```swift
/// var progress = RolloutProgress(rollout: rollout, devices: devices)
/// for line in lines { progress.apply(line) }
/// ```
public struct RolloutProgress: Equatable, Sendable {
    public let rollout: RolloutID
    public let plan: RolloutPlan
    /// Those of the list in `devices.json`, until it starts.
    private var listed: [DeviceID]

    public private(set) var state = Rollout.State.draft
    public private(set) var pause: Pause?
    /// When the last line was written, seconds since 1970.
    public private(set) var time: Int64 = 0
    public private(set) var scheduledBy: String?
    public private(set) var isApproved = false
    public private(set) var startedAt: Int64?
    public private(set) var hasStarted = false
    /// A reversal or an abortion that the devices' records may not show yet.
    public private(set) var isUnsettled = false
    public private(set) var skipped: [Rollout.Skipped] = []

    /// In the order in which they are offered the update: by phase, and in it by chance that is the rollout's own.
    public private(set) var devices: [DeviceProgress] = []
    private var places: [DeviceID: Int] = [:]
    public private(set) var phases: [PhaseProgress] = []
    public private(set) var counts = StageCounts()
    /// How often each failure is the present one of a device.
    public private(set) var failures: [String: Int] = [:]
    /// Devices that may still bring news.
    public private(set) var openCount = 0
    /// Failures that an operator knew of when the rollout was resumed.
    private(set) var acknowledged = 0
    /// Phases after which it paused as planned.
    private(set) var pausedAfter = 0

    public init(rollout: Rollout, devices: [DeviceID]) {
        self.rollout = rollout.id
        plan = rollout.plan
        listed = devices
        // Rollouts of before there were lines for it: all devices were assigned at once.
        if let startedAt = rollout.startedAt, rollout.state != .draft, rollout.createdBy == nil { startPlain(rollout, at: startedAt) }
    }

    public subscript(device: DeviceID) -> DeviceProgress? { places[device].map { devices[$0] } }

    /// Where the device stands in ``devices``.
    func place(of device: DeviceID) -> Int? { places[device] }

    /// The phase that opened last; nil before the first.
    public var current: PhaseProgress? { phases.last { $0.openedAt != nil } }

    public var hasOpenedAll: Bool { hasStarted && phases.allSatisfy { $0.openedAt != nil } }

    // MARK: Lines

    public mutating func apply(_ line: RolloutLine) {
        switch line {
        case .at(let seconds): time = seconds
        case .scheduled(let who):
            scheduledBy = who
            state = .scheduled
        case .approved: isApproved = true
        case .started(let count): start(count)
        case .phase(let number): open(number)
        case .gate(let number, let isMet):
            if phases.indices.contains(number - 1) { phases[number - 1].gateMetAt = isMet ? time : nil }
        case .paused(let reason): pause(reason)
        case .resumed: resume()
        case .completed: end(.completed)
        case .aborted: end(.aborted)
        case .reverted: end(.reverted)
        case .settled: isUnsettled = false
        case .skipped(let id, let reason): skipped.append(.init(uuid: id, reason: reason))
        case .joined(let id): join(id)
        default: if let id = line.device, let place = places[id] { apply(line, at: place) }
        }
    }

    /// - Parameter count: devices that take part: with those that were skipped, the first of the list. Behind them are those
    ///   that joined later.
    private mutating func start(_ count: Int) {
        guard !hasStarted else { return }
        let left = Set(skipped.map(\.uuid))
        layOut(listed.prefix(count + skipped.count).filter { !left.contains($0) })
        listed = []
        hasStarted = true
        startedAt = time
        state = .running
    }

    private mutating func startPlain(_ rollout: Rollout, at seconds: Int64) {
        time = seconds
        skipped = rollout.skipped
        start(listed.count)
        open(1)
        for place in devices.indices { move(place, to: .offered) }
    }

    private mutating func layOut(_ ids: [DeviceID]) {
        phases = plan.steps.enumerated().map { PhaseProgress(number: $0.offset + 1, plan: $0.element) }
        let ordered = SeededOrder(seed: rollout.text).sorted(ids)
        devices.reserveCapacity(ordered.count)
        places.reserveCapacity(ordered.count)
        var rest = ordered[...]
        for (phase, size) in plan.sizes(of: ordered.count).enumerated() {
            for id in rest.prefix(size) { add(id, phase: phase + 1) }
            rest = rest.dropFirst(size)
        }
    }

    private mutating func join(_ id: DeviceID) {
        guard hasStarted, let last = phases.last?.number else { return }
        if state == .completed { state = .running }
        // It left, and comes again: as one of those who were not offered the update yet.
        if let place = places[id] {
            if devices[place].stage.hasLeft { move(place, to: .waiting) }
        } else {
            add(id, phase: last)
        }
    }

    private mutating func add(_ id: DeviceID, phase: Int) {
        guard places.updateValue(devices.count, forKey: id) == nil else { return }
        devices.append(DeviceProgress(id: id, phase: phase))
        phases[phase - 1].counts[.waiting] += 1
        counts[.waiting] += 1
        openCount += 1
    }

    private mutating func open(_ number: Int) {
        guard phases.indices.contains(number - 1) else { return }
        phases[number - 1].openedAt = time
        if phases[number - 1].plan.gate == nil { phases[number - 1].gateMetAt = time }
    }

    private mutating func pause(_ reason: Pause) {
        pause = reason
        state = .paused
        if reason.cause == .rule(.plan) { pausedAfter = current?.number ?? 0 }
    }

    private mutating func resume() {
        pause = nil
        state = hasStarted ? .running : .scheduled
        acknowledged = counts.failures
        for index in phases.indices { phases[index].acknowledged = phases[index].counts.failures }
    }

    private mutating func end(_ state: Rollout.State) {
        self.state = state
        pause = nil
        isUnsettled = state != .completed
    }

    private mutating func apply(_ line: RolloutLine, at place: Int) {
        switch line {
        case .offered(_, let previous):
            guard devices[place].stage == .waiting else { return }
            devices[place].previous = previous
            move(place, to: .offered)
        case .seen: devices[place].wasSeen = true
        case .status(_, let status):
            guard devices[place].stage != .waiting, !devices[place].stage.hasLeft else { return }
            devices[place].status = status.text
            let stage = Self.stage(after: status, from: devices[place].stage)
            move(place, to: stage, failure: stage == .failed ? Self.failure(status) ?? devices[place].failure : nil)
        case .running:
            guard devices[place].stage != .waiting, !devices[place].stage.hasLeft else { return }
            move(place, to: .succeeded)
        case .timedOut:
            // News that were stored while it was decided count: it was not silent.
            guard devices[place].stage.isUnderway || devices[place].stage == .failed, !isHeard(place) else { return }
            if devices[place].stage == .failed { giveUp(place) } else { move(place, to: .timedOut, failure: Self.silence) }
        case .superseded: move(place, to: .superseded)
        case .putBack: move(place, to: .putBack)
        default: break
        }
        devices[place].lastNews = time
    }

    /// Whether the deadline of the device's last news is not over.
    private func isHeard(_ place: Int) -> Bool { plan.deadline.map { time < devices[place].lastNews + $0.seconds } ?? false }

    // MARK: Stages

    static let silence = "silent until the deadline"

    private static func failure(_ status: DeviceStatus) -> String? {
        guard status.success == false else { return nil }
        return status.reason.map { "\(status.step): \($0)" } ?? status.step
    }

    /// A device that has the update goes on looking for newer ones: only a failure takes it back. One that failed has
    /// begun anew when it downloads or installs again, not when it looks at metadata.
    private static func stage(after status: DeviceStatus, from stage: DeviceStage) -> DeviceStage {
        if status.success == false { return .failed }
        if stage == .succeeded { return .succeeded }
        switch status.step {
        case DeviceStatus.lastStep: return status.success == true ? .succeeded : .installing
        case "InstallStarted", "InstallApplied": return .installing
        case "DownloadStarted", "DownloadComplete": return .downloading
        default: return stage == .timedOut ? .offered : stage
        }
    }

    private mutating func giveUp(_ place: Int) {
        guard !devices[place].isFinal else { return }
        devices[place].gaveUp = true
        openCount -= 1
    }

    private mutating func move(_ place: Int, to stage: DeviceStage, failure: String? = nil) {
        let before = devices[place]
        devices[place].stage = stage
        devices[place].failure = failure
        devices[place].gaveUp = false
        if stage == .offered { devices[place].lastNews = time }
        counts[before.stage] -= 1
        counts[stage] += 1
        phases[before.phase - 1].counts[before.stage] -= 1
        phases[before.phase - 1].counts[stage] += 1
        openCount += (before.isFinal ? 1 : 0) - (devices[place].isFinal ? 1 : 0)
        guard before.failure != failure else { return }
        if let old = before.failure { failures[old] = failures[old].flatMap { $0 > 1 ? $0 - 1 : nil } }
        if let failure { failures[failure, default: 0] += 1 }
    }
}
