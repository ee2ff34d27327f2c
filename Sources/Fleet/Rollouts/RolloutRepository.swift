import DeviceAuth

/// Where rollouts are kept. Every write is atomic and has returned only when it is on the disk.
public protocol RolloutRepository: Sendable {
    /// In order of id; directories that are none are left out.
    func ids() throws -> [RolloutID]
    func load(_ id: RolloutID) throws -> Rollout
    func devices(of id: RolloutID) throws -> [DeviceID]
    /// Makes the rollout with its empty list of devices, all or nothing.
    func create(_ rollout: Rollout) throws
    func save(_ rollout: Rollout) throws
    func save(devices: [DeviceID], of id: RolloutID) throws
    /// Puts the rollout among the active ones, or takes it from there.
    func setActive(_ active: Bool, _ id: RolloutID) throws
    /// Whole lines of the rollout's events from a byte offset on, at most `limit` bytes of them.
    func lines(of id: RolloutID, from offset: Int64, limit: Int) throws -> RolloutLines
    /// The latest `limit` notes of the rollout's decisions, oldest first.
    func notes(of id: RolloutID, limit: Int) throws -> [RolloutNote]
}

/// A run of lines from a rollout's events file.
public struct RolloutLines: Equatable, Sendable {
    /// Each line with the offset behind it: where reading goes on.
    public let lines: [(text: String, next: Int64)]

    public init(lines: [(text: String, next: Int64)]) { self.lines = lines }

    public static func == (left: RolloutLines, right: RolloutLines) -> Bool {
        left.lines.elementsEqual(right.lines) { $0.text == $1.text && $0.next == $1.next }
    }
}
