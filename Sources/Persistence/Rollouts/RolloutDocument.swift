import DeviceAuth
import Fleet
import Foundation
import UpdateTree

/// `rollout.json` as it lies on the disk; `docs/formats/rollouts.md` describes it.
struct RolloutDocument: Codable {
    var createdAt: Date
    var isProd: Bool
    var tag: Tag
    var updateName: UpdateName
    var state: Rollout.State?
    var startedAt: Date?
    var pending: [DeviceID]?
    var skipped: [Rollout.Skipped]?

    private enum CodingKeys: String, CodingKey {
        case createdAt = "created-at"
        case isProd
        case tag
        case updateName = "update-name"
        case state
        case startedAt = "started-at"
        case pending
        case skipped
    }

    init(_ rollout: Rollout) {
        createdAt = Date(timeIntervalSince1970: TimeInterval(rollout.createdAt))
        isProd = rollout.update.channel.isProduction
        tag = rollout.update.tag
        updateName = rollout.update.name
        state = rollout.state
        startedAt = rollout.startedAt.map { Date(timeIntervalSince1970: TimeInterval($0)) }
        pending = rollout.pending
        skipped = rollout.skipped.isEmpty ? nil : rollout.skipped
    }

    func rollout(id: RolloutID) -> Rollout {
        let update = UpdateKey(channel: Channel(isProduction: isProd), tag: tag, name: updateName)
        var rollout = Rollout(id: id, update: update, createdAt: Int64(createdAt.timeIntervalSince1970))
        rollout.state = state ?? .created
        rollout.startedAt = startedAt.map { Int64($0.timeIntervalSince1970) }
        rollout.pending = pending
        rollout.skipped = skipped ?? []
        return rollout
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func date(_ text: String, _ key: CodingKeys) throws -> Date {
            do {
                return try Date(text, strategy: .iso8601)
            } catch {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "\(key.stringValue) must be a time such as 2026-01-31T12:00:00Z")
            }
        }
        createdAt = try date(container.decode(String.self, forKey: .createdAt), .createdAt)
        startedAt = try container.decodeIfPresent(String.self, forKey: .startedAt).map { try date($0, .startedAt) }
        isProd = try container.decode(Bool.self, forKey: .isProd)
        tag = try container.decode(Tag.self, forKey: .tag)
        updateName = try container.decode(UpdateName.self, forKey: .updateName)
        state = try container.decodeIfPresent(Rollout.State.self, forKey: .state)
        pending = try container.decodeIfPresent([DeviceID].self, forKey: .pending)
        skipped = try container.decodeIfPresent([Rollout.Skipped].self, forKey: .skipped)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(createdAt.formatted(.iso8601), forKey: .createdAt)
        try container.encodeIfPresent(startedAt?.formatted(.iso8601), forKey: .startedAt)
        try container.encode(isProd, forKey: .isProd)
        try container.encode(tag, forKey: .tag)
        try container.encode(updateName, forKey: .updateName)
        try container.encodeIfPresent(state, forKey: .state)
        try container.encodeIfPresent(pending, forKey: .pending)
        try container.encodeIfPresent(skipped, forKey: .skipped)
    }
}
