/// Why something could not be done with a broker: a stable slug and a sentence with the remedy.
public struct MQTTError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case settingsInvalid = "mqtt-settings-invalid"
        case topicInvalid = "mqtt-topic-invalid"
        case payloadTooLarge = "mqtt-payload-too-large"
        case queueFull = "mqtt-queue-full"
        /// No connection came about: the name, the address, the port.
        case unreachable = "mqtt-unreachable"
        case tlsFailed = "mqtt-tls-failed"
        /// The broker said no: to the connection, a message or a subscription.
        case refused = "mqtt-refused"
        case connectionLost = "mqtt-connection-lost"
        /// The client ended, or the caller stopped waiting, before the broker had acknowledged.
        case stopped = "mqtt-stopped"
        case libraryFailed = "mqtt-library-failed"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
