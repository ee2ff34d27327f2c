/// How far a device of a rollout is.
public enum DeviceStage: Int, Sendable, CaseIterable {
    /// Its phase has not opened, or it has not been its turn.
    case waiting
    /// Has the update assigned.
    case offered
    case downloading
    case installing
    case succeeded
    case failed
    /// Was not heard of until the deadline.
    case timedOut
    /// A later rollout took it over.
    case superseded
    /// Has again what it had before.
    case putBack

    /// As the API writes it.
    public var name: String {
        switch self {
        case .waiting: "waiting"
        case .offered: "offered"
        case .downloading: "downloading"
        case .installing: "installing"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .timedOut: "timedOut"
        case .superseded: "superseded"
        case .putBack: "putBack"
        }
    }

    /// Has the update assigned, and its end is not known.
    public var isUnderway: Bool { self == .offered || self == .downloading || self == .installing }

    /// Counts against limits and gates.
    public var isFailure: Bool { self == .failed || self == .timedOut }

    /// No longer one of the rollout's.
    public var hasLeft: Bool { self == .superseded || self == .putBack }
}

/// How many devices are in each stage.
public struct StageCounts: Equatable, Sendable {
    private var counts = [Int](repeating: 0, count: DeviceStage.allCases.count)

    public init() {}

    public subscript(stage: DeviceStage) -> Int {
        get { counts[stage.rawValue] }
        set { counts[stage.rawValue] = newValue }
    }

    public var underway: Int { self[.offered] + self[.downloading] + self[.installing] }
    public var failures: Int { self[.failed] + self[.timedOut] }
    public var left: Int { self[.superseded] + self[.putBack] }
    public var total: Int { counts.reduce(0, +) }
}
