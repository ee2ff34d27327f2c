/// What operators call a device. Shown, searched, never a path.
public struct DeviceName: Hashable, Sendable, Codable, CustomStringConvertible {
    public let text: String

    /// Bytes of UTF-8.
    public static let longest = 80

    /// 1 to 80 bytes without control characters, not beginning or ending with a space.
    public init(_ text: some StringProtocol) throws(FleetError) {
        guard (1...Self.longest).contains(text.utf8.count), text.first != " ", text.last != " ",
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        else {
            throw FleetError(
                .attributeInvalid, "a device's name is 1 to \(Self.longest) bytes without control characters or spaces at its ends")
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

    public var description: String { text }
}
