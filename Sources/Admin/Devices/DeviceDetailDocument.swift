import DeviceAuth
import Fleet

/// Everything that is known of one device.
struct DeviceDetailDocument: Encodable, Sendable {
    struct File: Encodable, Sendable {
        let name: String
        let size: Int64
    }

    /// The rollout that assigned the device last, while it runs.
    struct CurrentRollout: Encodable, Sendable {
        let id: String
        let phase: Int
        let stage: String
        let status: Nullable<String>
    }

    private enum Member: CodingKey {
        case pubkey, files, rollout
    }

    let device: DeviceDocument
    let pubkey: Nullable<String>
    let files: [File]
    let rollout: Nullable<CurrentRollout>

    func encode(to encoder: any Encoder) throws {
        try device.encode(to: encoder)
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(pubkey, forKey: .pubkey)
        try container.encode(files, forKey: .files)
        try container.encode(rollout, forKey: .rollout)
    }
}

extension DeviceDetailDocument.CurrentRollout {
    /// Nil when the device is in no running rollout.
    init?(of device: DeviceID, on board: RolloutBoard) {
        guard let standing = board.standing(of: device) else { return nil }
        self.init(
            id: standing.rollout.text, phase: standing.device.phase, stage: standing.device.stage.name,
            status: Nullable(standing.device.status))
    }
}
