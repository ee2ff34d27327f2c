import DeviceAuth
import Fleet
import UpdateTree

/// The body of `POST /v1/rollouts`: the update, and beside it the members of a plan, which may all be left out.
struct NewRollout: Decodable, Equatable, Sendable {
    private enum CodingKeys: String, CodingKey {
        case isProd, tag, updateName, devices
    }

    let isProd: Bool
    let tag: Tag
    let updateName: UpdateName
    /// Added at once; a plan with targets has none.
    let devices: [DeviceID]
    let plan: RolloutPlan

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isProd = try container.decode(Bool.self, forKey: .isProd)
        tag = try container.decode(Tag.self, forKey: .tag)
        updateName = try container.decode(UpdateName.self, forKey: .updateName)
        devices = try container.decodeIfPresent([DeviceID].self, forKey: .devices) ?? []
        plan = try RolloutPlan(from: decoder)
    }

    var update: UpdateKey { UpdateKey(channel: Channel(isProduction: isProd), tag: tag, name: updateName) }
}
