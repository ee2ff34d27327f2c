/// The word a device sends in `x-ats-tags`; names a directory below a channel.
public struct Tag: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: some StringProtocol) throws(UpdateTreeError) {
        guard DirectoryName.isValid(text) else {
            throw UpdateTreeError(
                .tagInvalid,
                "\(DirectoryName.quoted(text)) is no tag; use letters, digits and _ . + -, begin with a letter or digit, at most \(DirectoryName.longest) bytes"
            )
        }
        self.text = String(text)
    }

    public var description: String { text }
}

extension Tag: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
