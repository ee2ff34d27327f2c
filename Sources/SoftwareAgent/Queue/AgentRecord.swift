import Foundation

/// All that the agent must not forget: written as a whole, before it acts on it.
public struct AgentRecord: Codable, Equatable, Sendable {
    /// Of this form.
    public var version = 1
    public var required: RequiredInstallRecord?
    /// First come, first served.
    public var orders: [OrderRecord] = []
    public var answers: [KeptAnswer] = []
    /// Ids of the requests that want the list; an empty one when nobody asked.
    public var lists: [String] = []
    /// The last ones.
    public var finished: [FinishedRequest] = []

    public static let mostOrders = 100
    public static let mostAnswers = 200
    public static let mostFinished = 200
    public static let mostLists = 32
    /// Snaps of one required install.
    public static let mostRequired = 500
    /// Bytes of an order's `data`.
    public static let longestData = 64 << 10

    public init() {}

    /// Whether nothing is left to do or to say.
    public var isQuiet: Bool { required == nil && orders.isEmpty && answers.isEmpty && lists.isEmpty }

    /// As it is on the disk.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts, numbers and booleans can always be written.
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }

    /// - Throws: ``SoftwareAgentError/Code/stateInvalid``.
    public init(parsing bytes: [UInt8]) throws(SoftwareAgentError) {
        guard let record = try? JSONDecoder().decode(AgentRecord.self, from: Data(bytes)), record.version == 1 else {
            throw SoftwareAgentError(
                .stateInvalid, "the agent's state is not one of version 1; move it away, and the server asks again for what is missing")
        }
        self = record
    }
}
