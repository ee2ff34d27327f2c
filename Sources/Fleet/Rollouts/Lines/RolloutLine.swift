import DeviceAuth
import UpdateTree

/// A fact of a rollout: one line of its `events` file. The state of a rollout is what its lines make of it, one after the
/// other; nothing else is needed, and nothing that is not a line changes it.
///
/// Lines of the first format, `DEVICE_SEEN` and `DEVICE_STATUS`, are as they were.
public enum RolloutLine: Equatable, Sendable {
    /// Lines after this one were written at that second, until the next of its kind.
    case at(Int64)
    case scheduled(by: String)
    case approved(by: String)
    /// The list of devices is fixed; so many take part.
    case started(devices: Int)
    /// A phase opened, 1 and up.
    case phase(Int)
    /// A phase's gate is met, or no longer.
    case gate(Int, isMet: Bool)
    case paused(Pause)
    case resumed(by: String)
    case completed
    case aborted(by: String)
    case reverted(by: String)
    /// What an abortion or a reversion took back is taken back in the devices' records too.
    case settled

    case skipped(DeviceID, Rollout.Skipped.Reason)
    /// Matches a dynamic rollout, or was added to a running one.
    case joined(DeviceID)
    /// Has the update assigned from here on; before it had another, or none.
    case offered(DeviceID, previous: UpdateName?)
    case seen(DeviceID)
    case status(DeviceID, DeviceStatus)
    /// Says that it runs a target of the update.
    case running(DeviceID, target: String)
    /// Nothing was heard of it until its deadline.
    case timedOut(DeviceID)
    /// A later rollout took it over.
    case superseded(DeviceID, by: RolloutID)
    /// Has again what it had before.
    case putBack(DeviceID, to: UpdateName?)

    /// The device that the line is about.
    public var device: DeviceID? {
        switch self {
        case .skipped(let id, _), .joined(let id), .offered(let id, _), .seen(let id), .status(let id, _), .running(let id, _),
            .timedOut(let id), .superseded(let id, _), .putBack(let id, _):
            id
        default: nil
        }
    }

    /// What stands before the colon: the kind of the line.
    public var word: String {
        switch self {
        case .at: "AT"
        case .scheduled: "SCHEDULED"
        case .approved: "APPROVED"
        case .started: "STARTED"
        case .phase: "PHASE"
        case .gate: "GATE"
        case .paused: "PAUSED"
        case .resumed: "RESUMED"
        case .completed: "COMPLETED"
        case .aborted: "ABORTED"
        case .reverted: "REVERTED"
        case .settled: "SETTLED"
        case .skipped: "DEVICE_SKIPPED"
        case .joined: "DEVICE_JOINED"
        case .offered: "DEVICE_OFFERED"
        case .seen: "DEVICE_SEEN"
        case .status: "DEVICE_STATUS"
        case .running: "DEVICE_RUNNING"
        case .timedOut: "DEVICE_TIMEOUT"
        case .superseded: "DEVICE_SUPERSEDED"
        case .putBack: "DEVICE_PUT_BACK"
        }
    }

    public var text: String { "\(word): \(rest)" }

    private var rest: String {
        switch self {
        case .at(let seconds): Moment.text(seconds)
        case .scheduled(let who), .approved(let who), .resumed(let who), .aborted(let who), .reverted(let who): who
        case .started(let count): "\(count)"
        case .phase(let number): "\(number)"
        case .gate(let number, let isMet): "\(number) \(isMet ? "met" : "lost")"
        case .paused(let pause): pause.text
        case .completed, .settled: "-"
        case .skipped(let id, let reason): "\(id) \(reason.rawValue)"
        case .joined(let id), .seen(let id), .timedOut(let id): id.text
        case .offered(let id, let name), .putBack(let id, let name): "\(id) \(name?.text ?? "-")"
        case .status(let id, let status): "\(id) \(status.text)"
        case .running(let id, let target): "\(id) \(target)"
        case .superseded(let id, let rollout): "\(id) \(rollout)"
        }
    }
}
