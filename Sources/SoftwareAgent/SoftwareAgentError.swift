/// Why the agent on a device could not do something.
public struct SoftwareAgentError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case snapdUnreachable = "snapd-unreachable"
        case snapdAnswerInvalid = "snapd-answer-invalid"
        case snapdRefused = "snapd-refused"
        case serverUnreachable = "server-unreachable"
        case serverRefused = "server-refused"
        case snapChanged = "snap-changed"
        case orderInvalid = "order-invalid"
        case stateInvalid = "agent-state-invalid"
        case storage = "agent-storage"
        case settingsInvalid = "agent-settings-invalid"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
