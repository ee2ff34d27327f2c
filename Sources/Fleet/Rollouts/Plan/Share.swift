/// A part of some devices: `{"percent": 5}` or `{"count": 20}`.
public enum Share: Hashable, Sendable, Codable {
    /// 1 to 100.
    case percent(Int)
    /// Devices.
    case count(Int)

    private enum CodingKeys: String, CodingKey {
        case percent, count
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let percent = try container.decodeIfPresent(Int.self, forKey: .percent)
        let count = try container.decodeIfPresent(Int.self, forKey: .count)
        self = try PlanMember.read(decoder) { () throws(FleetError) in try Share(percent: percent, count: count) }
    }

    private init(percent: Int?, count: Int?) throws(FleetError) {
        switch (percent, count) {
        case (let percent?, nil) where (0...100).contains(percent): self = .percent(percent)
        case (nil, let count?) where (0...RolloutPlan.mostDevices).contains(count): self = .count(count)
        default:
            throw FleetError(.planInvalid, "write a share as {\"percent\": 0 to 100} or as {\"count\": 0 to \(RolloutPlan.mostDevices)}")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .percent(let percent): try container.encode(percent, forKey: .percent)
        case .count(let count): try container.encode(count, forKey: .count)
        }
    }

    /// Devices out of `total`; a percentage is rounded up, so that a small canary is not empty.
    func devices(of total: Int) -> Int {
        switch self {
        case .percent(let percent): (total * percent + 99) / 100
        case .count(let count): min(count, total)
        }
    }

    /// Whether `number` of `total` is more than this.
    func isExceeded(by number: Int, of total: Int) -> Bool {
        switch self {
        case .percent(let percent): number * 100 > percent * total
        case .count(let count): number > count
        }
    }
}

extension Share: CustomStringConvertible {
    public var description: String {
        switch self {
        case .percent(let percent): "\(percent) %"
        case .count(let count): "\(count)"
        }
    }
}
