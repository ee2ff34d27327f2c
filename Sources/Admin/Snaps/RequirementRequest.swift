import Fleet
import Hummingbird
import Snaps

/// The body of `POST` and `DELETE /v1/models/{model}/required`. What it does not say of a requirement stays as it is.
struct RequirementRequest: Decodable, Sendable {
    private enum Member: String, CodingKey, CaseIterable {
        case name, model, channel, classic, priority
    }

    let name: SnapName
    private let model: ModelName?
    /// Nil when it is not said; `.some(nil)` for the store's default.
    private let channel: String??
    private let classic: Bool?
    private let priority: Int?

    init(from decoder: any Decoder) throws {
        try KnownMembers.check(decoder, Member.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: Member.self)
        name = try container.decode(SnapName.self, forKey: .name)
        model = try container.decodeIfPresent(ModelName.self, forKey: .model)
        channel = container.contains(.channel) ? .some(try container.decodeIfPresent(String.self, forKey: .channel)) : nil
        classic = try container.decodeIfPresent(Bool.self, forKey: .classic)
        priority = try container.decodeIfPresent(Int.self, forKey: .priority)
    }

    func check(_ path: ModelName) throws(Problem) { try ModelRequest.check(model, path) }

    func requirement(_ before: SnapRequirement?) throws(FleetError) -> SnapRequirement {
        try SnapRequirement(
            snap: name, channel: channel ?? before?.channel, isClassic: classic ?? before?.isClassic ?? false,
            priority: priority ?? before?.priority ?? 0)
    }
}
