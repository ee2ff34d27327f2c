/// When the agent does things again. All in milliseconds.
public struct AgentTiming: Equatable, Sendable {
    public let heartbeat: Int64

    public static let firstRetry: Int64 = 1_000
    /// Of what snapd or its store could not do.
    public static let longestRetry: Int64 = 15 * 60_000
    /// Of the server and of snapd's socket, which are asked cheaply.
    public static let longestReach: Int64 = 60_000
    public static let firstPoll: Int64 = 100
    public static let longestPoll: Int64 = 2_000
    /// So long ordinary orders stand back for a change of required snaps.
    public static let longestHold: Int64 = 10 * 60_000

    /// - Parameter heartbeat: seconds between two heartbeats.
    public init(heartbeat seconds: Int) { heartbeat = Int64(seconds) * 1_000 }

    /// Doubled with every attempt, less up to a quarter of it, so that devices that failed together do not come again together.
    ///
    /// - Parameters:
    ///   - attempt: 1 for the first that failed.
    ///   - chance: from 0 to 1.
    static func retry(_ attempt: Int, atMost longest: Int64 = longestRetry, chance: Double) -> Int64 {
        let wait = min(longest, firstRetry << Int64(min(max(attempt, 1) - 1, 20)))
        return wait - Int64(Double(wait) * 0.25 * chance)
    }

    static func poll(_ count: Int) -> Int64 { min(longestPoll, firstPoll << Int64(min(count, 10))) }

    /// 10 % more or less.
    func nextHeartbeat(chance: Double) -> Int64 { heartbeat + Int64(Double(heartbeat) * 0.2 * (chance - 0.5)) }
}
