/// Why a message of a device, or a list of serials, was not taken.
public struct MessagingError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case topicInvalid = "device-topic-invalid"
        /// The payload speaks of another device than the topic.
        case deviceMismatch = "device-topic-mismatch"
        case serialsInvalid = "broker-serials-invalid"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
