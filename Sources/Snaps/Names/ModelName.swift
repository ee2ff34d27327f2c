/// The name of a device model: `ubuntu-core-24-amd64` as a model assertion has it, or a hardware id such as `intel-corei7-64`.
///
/// A letter or a digit, then letters, digits and `_ . + -`; at most 80 bytes.
public struct ModelName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public static let longest = 80

    /// - Throws: ``SnapsError/Code/modelNameInvalid``.
    public init(_ text: some StringProtocol) throws(SnapsError) {
        guard (1...Self.longest).contains(text.utf8.count), let first = text.utf8.first, Self.isAlphanumeric(first),
            text.utf8.allSatisfy({ Self.isAlphanumeric($0) || "_.+-".utf8.contains($0) })
        else {
            throw SnapsError(
                .modelNameInvalid,
                "\(String(text.prefix(100)).debugDescription) names no model; use at most \(Self.longest) letters, digits and _ . + -, and begin with a letter or a digit"
            )
        }
        self.text = String(text)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    public var description: String { text }
}

extension ModelName: Comparable {
    public static func < (left: ModelName, right: ModelName) -> Bool { left.text < right.text }
}

extension ModelName: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
