/// The SHA3-384 of a snap's file, as assertions write it: base64url without padding, 64 characters.
public struct SnapDigest: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: ``SnapsError/Code/snapDigestInvalid``.
    public init(_ text: some StringProtocol) throws(SnapsError) {
        guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isDigit) else {
            throw SnapsError(
                .snapDigestInvalid,
                "\(String(text.prefix(80)).debugDescription) is no SHA3-384; write it as an assertion does: 64 characters of base64url")
        }
        self.text = String(text)
    }

    init(checked text: String) { self.text = text }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    public var description: String { text }
}

extension SnapDigest: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
