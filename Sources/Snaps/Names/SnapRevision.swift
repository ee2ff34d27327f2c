/// The revision of a snap: a number from 1 that its publisher's store gave it, or `x1`, `x2` … for one that was side-loaded.
public struct SnapRevision: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: ``SnapsError/Code/snapRevisionInvalid``.
    public init(_ text: some StringProtocol) throws(SnapsError) {
        let digits = text.hasPrefix("x") ? text.dropFirst() : text[...]
        guard (1...9).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            throw SnapsError(
                .snapRevisionInvalid,
                "\(String(text.prefix(20)).debugDescription) is no revision; write a number from 1, or x and a number for a side-loaded snap"
            )
        }
        self.text = String(text)
    }

    /// Nil of a side-loaded snap.
    public var number: Int? { Int(text) }

    public var description: String { text }
}

extension SnapRevision: Codable {
    /// A string, or a number as other tools write it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            try self.init(String(number))
        } else {
            try self.init(container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
