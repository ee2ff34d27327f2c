import DeviceAuth
import UpdateTree

/// How a rollout would go if devices kept their habits: a pure function of the plan, the devices and the time.
///
/// Assumed: a device makes contact in each hour of the day in which it was seen in this week or the one before, has the
/// update ``duration`` seconds later, and succeeds; one that was not seen for the plan's deadline, or without one for
/// ``quiet`` seconds, does not come. Pauses that the plan asks for are resumed at once, approvals given at once.
public struct RolloutSimulation: Equatable, Sendable {
    public struct Phase: Equatable, Sendable {
        /// 1 and up.
        public let number: Int
        public let name: String?
        public let devices: Int
        /// Seconds since 1970; nil when the phase before it never ends.
        public internal(set) var opensAt: Int64?
        /// When its gate is met and its soak time over; nil when that does not come.
        public internal(set) var endsAt: Int64?
        /// Devices that succeed.
        public internal(set) var succeeding = 0
    }

    public struct Warning: Equatable, Sendable {
        public enum Slug: String, Sendable {
            case gateOutOfReach = "gate-out-of-reach"
            case errorLimit = "error-limit"
            case planPauses = "plan-pauses"
            case neverOffered = "never-offered"
            case neverEnds = "never-ends"
        }

        public let slug: Slug
        public let sentence: String
    }

    /// Why a device misses the window or the deadline.
    public enum Miss: String, Sendable, CaseIterable {
        case neverSeen = "never-seen"
        /// Not seen for longer than the deadline.
        case silent
        /// Never in contact while the window is open: it is offered the update then, and takes it later.
        case outsideWindow = "outside-window"
    }

    public let beginsAt: Int64
    public internal(set) var phases: [Phase] = []
    /// When nobody can bring news any more; nil when that does not come.
    public internal(set) var endsAt: Int64?
    public internal(set) var misses: [Miss: [DeviceID]] = [:]
    /// Devices that run the update already.
    public internal(set) var present = 0
    /// Devices that must run another version first: they wait until they do.
    public internal(set) var held: [DeviceID] = []
    /// Of all devices that do not run the update; nil when the size of the update is not known.
    public internal(set) var bytes: Int64?
    public internal(set) var warnings: [Warning] = []

    /// From contact to success, seconds.
    public static let duration: Int64 = 900
    /// Seconds without contact after which a device is not expected, when the plan has no deadline.
    public static let quiet: Int64 = 14 * 86_400

    /// - Parameters:
    ///   - devices: those that would take part.
    ///   - bytes: what a device that runs this target is sent; nil when that is not known.
    public init(_ plan: RolloutPlan, devices: [SimulatedDevice], bytes: (String?) -> Int64?, at now: Int64) {
        beginsAt = max(now, plan.startAt ?? now)
        self.bytes = Self.sum(devices, bytes)
        var course = SimulatedCourse(plan, of: devices.count, at: now, begins: beginsAt)
        let order = SeededOrder(seed: "simulation").sorted(devices.map(\.id))
        let known = Dictionary(devices.map { ($0.id, $0) }) { first, _ in first }
        var rest = order.compactMap { known[$0] }[...]
        for (index, size) in plan.sizes(of: rest.count).enumerated() {
            course.run(Array(rest.prefix(size)), in: index + 1)
            rest = rest.dropFirst(size)
        }
        course.end()
        phases = course.phases
        endsAt = course.endsAt
        misses = course.misses
        present = course.present
        held = course.held
        warnings = course.warnings
    }

    private static func sum(_ devices: [SimulatedDevice], _ bytes: (String?) -> Int64?) -> Int64? {
        var known: [String?: Int64?] = [:]
        var total: Int64 = 0
        for device in devices {
            if case .present = device.eligibility { continue }
            let size: Int64?
            if let found = known[device.target] {
                size = found
            } else {
                size = bytes(device.target)
                known[device.target] = .some(size)
            }
            guard let size else { return nil }
            let (sum, overflows) = total.addingReportingOverflow(size)
            total = overflows ? .max : sum
        }
        return total
    }
}
