import FoundationEssentials

/// What an agent says to a request: the list, an outcome, or that it took something on.
public struct SnapAnswer: Equatable, Sendable {
    /// How far a required install has come.
    public enum Progress: String, Codable, Sendable {
        /// It is kept on the device's disk and will be done.
        case accepted
        /// Every snap is there.
        case done
        /// It could not be done this time, for the reason in the message; the agent goes on trying.
        case failed
    }

    public let id: String
    /// The word as it came; see ``SnapAction``.
    public let action: String
    public let success: Bool
    /// snapd's own words, mostly; cut at ``longestMessage``.
    public let message: String
    /// Of ``SnapAction/list``.
    public let list: SnapList?
    /// Of every other action: its result as JSON text, cut at ``longestResult``.
    public let result: String?
    /// Of a required install; an agent that does not say is taken to have accepted it when it succeeded.
    public let progress: Progress?

    /// Bytes of the whole message.
    public static let largest = 1 << 20
    public static let longestMessage = 4096
    public static let longestResult = 64 << 10

    public init(
        id: String, action: SnapAction, success: Bool, message: String = "", list: SnapList? = nil, result: String? = nil,
        progress: Progress? = nil
    ) {
        self.id = id
        self.action = action.rawValue
        self.success = success
        self.message = message
        self.list = list
        self.result = result
        self.progress = progress
    }

    /// To a request of an action that this version does not know.
    public init(refusing id: String, action: String, _ message: String) {
        self.id = id
        self.action = action
        success = false
        self.message = message
        list = nil
        result = nil
        progress = nil
    }
}
