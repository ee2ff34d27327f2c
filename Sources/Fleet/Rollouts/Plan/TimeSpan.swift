/// A length of time as plans write it: a number and `s`, `m`, `h`, `d` or `w`, such as `90s` or `7d`.
public struct TimeSpan: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let seconds: Int64

    /// Ten years.
    public static let longest: Int64 = 10 * 366 * 86_400
    private static let units: [(letter: Character, seconds: Int64)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    public init(seconds: Int64) { self.seconds = seconds }

    public init(_ text: some StringProtocol) throws(FleetError) {
        guard let letter = text.last, let unit = Self.units.first(where: { $0.letter == letter }),
            text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(text.dropLast()),
            case let (seconds, overflows) = count.multipliedReportingOverflow(by: unit.seconds), !overflows, seconds <= Self.longest
        else {
            throw FleetError(
                .planInvalid,
                "\(String(text.prefix(40)).debugDescription) is no length of time; write a number and s, m, h, d or w, such as 12h")
        }
        self.seconds = seconds
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = try PlanMember.read(decoder) { () throws(FleetError) in try TimeSpan(text) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.seconds < right.seconds }

    /// In the largest unit that divides it.
    public var description: String {
        guard seconds > 0, let unit = Self.units.first(where: { seconds.isMultiple(of: $0.seconds) }) else { return "\(seconds)s" }
        return "\(seconds / unit.seconds)\(unit.letter)"
    }
}
