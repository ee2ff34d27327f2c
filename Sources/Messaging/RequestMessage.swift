import DeviceAuth
import FoundationEssentials
import MQTT
import Snaps

/// A request of the server as the message that existing agents read.
public enum RequestMessage {
    /// All four members, always: agents decode them as texts.
    private struct Order: Encodable {
        let id: String
        let action: String
        let snap: String
        let data: String
    }

    private struct Requirement: Encodable {
        let id: String
        let snaps: [RequiredSnap]
    }

    /// - Parameter word: the level of the topic by which the device's agent knows its required installs; nil when there is none
    ///   that is its own, and then such a request cannot be sent.
    public static func make(_ request: SnapRequest, for device: DeviceID, word: String?) -> MQTTMessage? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let snaps = request.snaps {
            guard let word, let payload = try? encoder.encode(Requirement(id: request.id, snaps: snaps)) else { return nil }
            return MQTTMessage(topic: "devices/actions/\(word)/required-install", payload: Array(payload), quality: .atLeastOnce)
        }
        let order = Order(id: request.id, action: request.action.rawValue, snap: request.snap ?? "", data: request.data ?? "")
        guard let payload = try? encoder.encode(order) else { return nil }
        return MQTTMessage(topic: "devices/sub/\(device)", payload: Array(payload), quality: .atLeastOnce)
    }
}
