import DeviceAuth
import Snaps

/// What a device says over the broker.
public enum DeviceMessage: Equatable, Sendable {
    case heartbeat(Heartbeat, DeviceID)
    case answer(SnapAnswer, DeviceID)
    /// No payload at all: some agents clear a topic so.
    case empty(DeviceID)

    /// Reads a topic and its payload.
    ///
    /// - Throws: ``MessagingError`` or what Snaps says of the payload.
    public init(topic: String, payload: [UInt8]) throws {
        switch try DeviceTopic(topic) {
        case .health(let device) where payload.isEmpty, .publication(let device) where payload.isEmpty: self = .empty(device)
        case .health(let device):
            let heartbeat = try Heartbeat(parsing: payload)
            try Self.check(heartbeat.device, device)
            self = .heartbeat(heartbeat, device)
        case .publication(let device):
            let answer = try SnapAnswer(parsing: payload)
            for snap in answer.list?.snaps ?? [] { try Self.check(snap.deviceId, device) }
            self = .answer(answer, device)
        }
    }

    /// An agent that does not say who it is, is who its topic says.
    private static func check(_ said: String?, _ device: DeviceID) throws(MessagingError) {
        guard let said, !said.isEmpty, said != device.text else { return }
        throw MessagingError(
            .deviceMismatch,
            "the topic is of \(device), the payload of \(String(said.prefix(80)).debugDescription); see which device uses another's name")
    }
}
