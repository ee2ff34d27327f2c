/// The name of a snap as snapd has it, with the key of an instance where there is one: `hello-world`, `hello-world_two`.
///
/// Lower-case letters, digits and single dashes between them, at least one letter, at most 40 characters; an instance key is
/// `_` and 1 to 10 lower-case letters and digits. Source: snapd, `snap/naming`.
public struct SnapName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public static let longest = 40
    public static let longestKey = 10

    /// - Throws: ``SnapsError/Code/snapNameInvalid``.
    public init(_ text: some StringProtocol) throws(SnapsError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, Self.isName(name), parts.count == 1 || Self.isKey(parts[1]) else {
            throw SnapsError(
                .snapNameInvalid,
                "\(String(text.prefix(80)).debugDescription) names no snap; use at most \(Self.longest) lower-case letters, digits and single dashes with at least one letter"
            )
        }
        self.text = String(text)
    }

    private static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        guard (1...longest).contains(bytes.count), bytes.contains(where: isLetter) else { return false }
        // Dashes stand alone, between other characters.
        var wasDash = true
        for byte in bytes {
            let isDash = byte == UInt8(ascii: "-")
            guard isDash ? !wasDash : isLetter(byte) || isDigit(byte) else { return false }
            wasDash = isDash
        }
        return !wasDash
    }

    private static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
        (1...longestKey).contains(bytes.count) && bytes.allSatisfy { isLetter($0) || isDigit($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    public var description: String { text }
}

extension SnapName: Comparable {
    public static func < (left: SnapName, right: SnapName) -> Bool { left.text < right.text }
}

extension SnapName: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
