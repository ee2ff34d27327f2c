/// One message, to a broker or from it.
public struct MQTTMessage: Equatable, Sendable {
    /// What is promised of a message's arrival.
    public enum Quality: Int32, Sendable {
        case atMostOnce = 0
        case atLeastOnce = 1
    }

    public let topic: String
    public let payload: [UInt8]
    public let quality: Quality
    /// Sent: the broker keeps it for who subscribes later. Received: it is such a kept one.
    public let isRetained: Bool

    public init(topic: String, payload: [UInt8], quality: Quality, isRetained: Bool = false) {
        self.topic = topic
        self.payload = payload
        self.quality = quality
        self.isRetained = isRetained
    }

    /// What it takes of a queue's bytes.
    var weight: Int { payload.count + topic.utf8.count }

    /// - Throws: ``MQTTError/Code/topicInvalid`` or ``MQTTError/Code/payloadTooLarge``.
    func check(largestPayload: Int) throws(MQTTError) {
        guard Self.isText(topic), !topic.utf8.contains(UInt8(ascii: "+")), !topic.utf8.contains(UInt8(ascii: "#")) else {
            throw MQTTError(
                .topicInvalid,
                "\(String(topic.prefix(80)).debugDescription) is no topic; use 1 to 65535 bytes without '+', '#' and NUL")
        }
        guard payload.count <= largestPayload else {
            throw MQTTError(
                .payloadTooLarge,
                "a message of \(payload.count) bytes for \(topic) is larger than the \(largestPayload) that are allowed; send less at once")
        }
    }

    static func isText(_ topic: String) -> Bool { (1...65535).contains(topic.utf8.count) && !topic.utf8.contains(0) }
}
