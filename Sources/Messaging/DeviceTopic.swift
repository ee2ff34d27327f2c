import DeviceAuth

/// Where a device's message came: `devices/health/<id>` or `devices/pub/<id>`.
public enum DeviceTopic: Equatable, Sendable {
    case health(DeviceID)
    case publication(DeviceID)

    /// What the server subscribes to.
    public static let filters = ["devices/health/+", "devices/pub/+"]

    /// - Throws: ``MessagingError/Code/topicInvalid`` unless it has exactly three levels and the last is a device's identity.
    public init(_ topic: String) throws(MessagingError) {
        let levels = topic.split(separator: "/", omittingEmptySubsequences: false)
        guard levels.count == 3, levels[0] == "devices", let device = try? DeviceID(levels[2]) else { throw Self.invalid(topic) }
        switch levels[1] {
        case "health": self = .health(device)
        case "pub": self = .publication(device)
        default: throw Self.invalid(topic)
        }
    }

    private static func invalid(_ topic: String) -> MessagingError {
        MessagingError(
            .topicInvalid,
            "\(String(topic.prefix(100)).debugDescription) is no topic of a device; publish to devices/health/<id> or devices/pub/<id>")
    }
}
