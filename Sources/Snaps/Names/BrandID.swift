/// The account of a brand, as `brand-id` in assertions has it: 32 letters and digits, or a short name of 2 to 28 lower-case letters, digits and dashes.
public struct BrandID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: ``SnapsError/Code/brandInvalid``.
    public init(_ text: some StringProtocol) throws(SnapsError) {
        guard Self.isLong(text.utf8) || Self.isShort(text.utf8) else {
            throw SnapsError(
                .brandInvalid,
                "\(String(text.prefix(80)).debugDescription) names no brand; use the account id, as brand-id in the model assertion has it")
        }
        self.text = String(text)
    }

    private static func isLong(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count == 32 && bytes.allSatisfy { isLowerCase($0) || isDigit($0) || (0x41...0x5A).contains($0) }
    }

    private static func isShort(_ bytes: some Collection<UInt8>) -> Bool {
        (2...28).contains(bytes.count) && bytes.allSatisfy { isLowerCase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isLowerCase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    public var description: String { text }
}
