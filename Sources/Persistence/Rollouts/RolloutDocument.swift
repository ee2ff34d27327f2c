import DeviceAuth
import Fleet
import Foundation
import UpdateTree

/// `rollout.json` as it lies on the disk; `docs/formats/rollouts.md` describes it.
struct RolloutDocument: Codable {
    struct Paused: Codable {
        let by: String
        let reason: String
    }

    var createdAt: Date
    var createdBy: String?
    var isProd: Bool
    var tag: Tag
    var updateName: UpdateName
    var plan: RolloutPlan?
    var state: String?
    var startedAt: Date?
    var phase: Int?
    var paused: Paused?
    var skipped: [Rollout.Skipped]?
    var settled: Bool?

    private enum CodingKeys: String, CodingKey {
        case createdAt = "created-at"
        case createdBy = "created-by"
        case isProd
        case tag
        case updateName = "update-name"
        case plan
        case state
        case startedAt = "started-at"
        case phase
        case paused
        case skipped
        case settled
    }

    /// States of the first format.
    private static let formerStates: [String: Rollout.State] = ["created": .draft, "starting": .draft, "active": .running]

    init(_ rollout: Rollout) {
        createdAt = Date(timeIntervalSince1970: TimeInterval(rollout.createdAt))
        createdBy = rollout.createdBy
        isProd = rollout.update.channel.isProduction
        tag = rollout.update.tag
        updateName = rollout.update.name
        plan = rollout.plan == .plain ? nil : rollout.plan
        state = rollout.state.rawValue
        startedAt = rollout.startedAt.map { Date(timeIntervalSince1970: TimeInterval($0)) }
        phase = rollout.phase
        paused = rollout.pause.map { Paused(by: $0.by, reason: $0.sentence) }
        skipped = rollout.skipped.isEmpty ? nil : rollout.skipped
        settled = rollout.isSettled ? true : nil
    }

    func rollout(id: RolloutID) throws -> Rollout {
        let update = UpdateKey(channel: Channel(isProduction: isProd), tag: tag, name: updateName)
        var rollout = Rollout(
            id: id, update: update, createdAt: Int64(createdAt.timeIntervalSince1970), createdBy: createdBy, plan: plan ?? .plain)
        if let state {
            guard let known = Rollout.State(rawValue: state) ?? Self.formerStates[state] else {
                throw FleetError(.rolloutInvalid, "the state \(state.debugDescription) is none")
            }
            rollout.state = known
        }
        rollout.startedAt = startedAt.map { Int64($0.timeIntervalSince1970) }
        rollout.phase = phase
        rollout.pause = paused.map { Pause(by: $0.by, $0.reason) }
        rollout.skipped = skipped ?? []
        rollout.isSettled = settled ?? (createdBy == nil && rollout.state == .completed)
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
        createdBy = try container.decodeIfPresent(String.self, forKey: .createdBy)
        startedAt = try container.decodeIfPresent(String.self, forKey: .startedAt).map { try date($0, .startedAt) }
        isProd = try container.decode(Bool.self, forKey: .isProd)
        tag = try container.decode(Tag.self, forKey: .tag)
        updateName = try container.decode(UpdateName.self, forKey: .updateName)
        plan = try container.decodeIfPresent(RolloutPlan.self, forKey: .plan)
        state = try container.decodeIfPresent(String.self, forKey: .state)
        phase = try container.decodeIfPresent(Int.self, forKey: .phase)
        paused = try container.decodeIfPresent(Paused.self, forKey: .paused)
        skipped = try container.decodeIfPresent([Rollout.Skipped].self, forKey: .skipped)
        settled = try container.decodeIfPresent(Bool.self, forKey: .settled)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(createdAt.formatted(.iso8601), forKey: .createdAt)
        try container.encodeIfPresent(createdBy, forKey: .createdBy)
        try container.encodeIfPresent(startedAt?.formatted(.iso8601), forKey: .startedAt)
        try container.encode(isProd, forKey: .isProd)
        try container.encode(tag, forKey: .tag)
        try container.encode(updateName, forKey: .updateName)
        try container.encodeIfPresent(plan, forKey: .plan)
        try container.encodeIfPresent(state, forKey: .state)
        try container.encodeIfPresent(phase, forKey: .phase)
        try container.encodeIfPresent(paused, forKey: .paused)
        try container.encodeIfPresent(skipped, forKey: .skipped)
        try container.encodeIfPresent(settled, forKey: .settled)
    }
}
