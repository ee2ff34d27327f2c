/// Which devices a rollout is for. Without it: the devices that are added to its list.
public struct RolloutTargets: Equatable, Sendable, Codable {
    public enum Choice: Equatable, Sendable {
        case group(GroupName)
        /// A text of the filter language.
        case filter(String)
    }

    public let choice: Choice
    /// Devices that match later join the last phase.
    public let isDynamic: Bool

    public init(_ choice: Choice, isDynamic: Bool = false) {
        self.choice = choice
        self.isDynamic = isDynamic
    }

    private enum CodingKeys: String, CodingKey {
        case group, filter
        case isDynamic = "dynamic"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let group = try container.decodeIfPresent(GroupName.self, forKey: .group)
        let filter = try container.decodeIfPresent(String.self, forKey: .filter)
        switch (group, filter) {
        case (let group?, nil): choice = .group(group)
        case (nil, let filter?): choice = .filter(filter)
        default: throw FleetError(.planInvalid, "the targets are a group or a filter; leave them out to name devices one by one")
        }
        isDynamic = try container.decodeIfPresent(Bool.self, forKey: .isDynamic) ?? false
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch choice {
        case .group(let group): try container.encode(group, forKey: .group)
        case .filter(let filter): try container.encode(filter, forKey: .filter)
        }
        try container.encode(isDynamic, forKey: .isDynamic)
    }
}
