/// The name of a group of devices; a device is in one group or in none.
public struct GroupName: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let text: String

    /// Letters, digits and `_ . -`, 1 to 64, beginning with a letter or digit.
    public init(_ text: some StringProtocol) throws(FleetError) {
        guard AttributeWord.isValid(text, longest: 64) else {
            throw FleetError(.attributeInvalid, "a group's name is 1 to 64 letters, digits and _ . - and begins with a letter or digit")
        }
        self.text = String(text)
    }

    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public static func < (left: GroupName, right: GroupName) -> Bool { left.text < right.text }
    public var description: String { text }
}
