/// The organization that a device is told it belongs to: its name and its id in one.
///
/// A letter or a digit, then letters, digits, spaces and `. _ -`; at most 64 bytes.
public struct OrganizationName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public static let longest = 64
    /// Of devices for which an operator named none.
    public static let standard = OrganizationName(checked: "default")

    /// - Throws: ``FleetError/Code/enrolmentInvalid``.
    public init(_ text: String) throws(FleetError) {
        guard (1...Self.longest).contains(text.utf8.count), text.last != " ", let first = text.utf8.first, Self.isAlphanumeric(first),
            text.utf8.allSatisfy({ Self.isAlphanumeric($0) || " ._-".utf8.contains($0) })
        else {
            throw FleetError(
                .enrolmentInvalid,
                "\(String(text.prefix(80)).debugDescription) names no organization; use at most \(Self.longest) letters, digits, spaces and . _ -"
            )
        }
        self.text = text
    }

    private init(checked text: String) { self.text = text }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    public var description: String { text }
}
