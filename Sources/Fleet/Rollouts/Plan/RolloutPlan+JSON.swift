import Foundation

/// The plan as `rollout.json` and the API write it: everything may be left out.
extension RolloutPlan {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case targets, phases, errorLimit, deadline, window, startAt, priority, cap, approval, requires
    }

    private struct Requirement: Codable {
        let minVersion: Int
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let startAt = try container.decodeIfPresent(String.self, forKey: .startAt)
        self.init(
            targets: try container.decodeIfPresent(RolloutTargets.self, forKey: .targets),
            phases: try container.decodeIfPresent([RolloutPhase].self, forKey: .phases) ?? [],
            errorLimit: try container.decodeIfPresent(Share.self, forKey: .errorLimit),
            deadline: try container.decodeIfPresent(TimeSpan.self, forKey: .deadline),
            window: try container.decodeIfPresent(TimeWindow.self, forKey: .window),
            startAt: try startAt.map(Self.seconds),
            priority: try container.decodeIfPresent(Int.self, forKey: .priority) ?? 0,
            cap: try container.decodeIfPresent(Int.self, forKey: .cap),
            needsApproval: try container.decodeIfPresent(Bool.self, forKey: .approval) ?? false,
            minVersion: try container.decodeIfPresent(Requirement.self, forKey: .requires)?.minVersion)
    }

    private static func seconds(_ text: String) throws(FleetError) -> Int64 {
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw FleetError(.planInvalid, "startAt is a time such as 2026-01-31T22:00:00Z")
        }
        return Int64(date.timeIntervalSince1970)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(targets, forKey: .targets)
        if !phases.isEmpty { try container.encode(phases, forKey: .phases) }
        try container.encodeIfPresent(errorLimit, forKey: .errorLimit)
        try container.encodeIfPresent(deadline, forKey: .deadline)
        try container.encodeIfPresent(window, forKey: .window)
        try container.encodeIfPresent(
            startAt.map { Date(timeIntervalSince1970: TimeInterval($0)).formatted(.iso8601) }, forKey: .startAt)
        if priority != 0 { try container.encode(priority, forKey: .priority) }
        try container.encodeIfPresent(cap, forKey: .cap)
        if needsApproval { try container.encode(true, forKey: .approval) }
        try container.encodeIfPresent(minVersion.map(Requirement.init), forKey: .requires)
    }
}
