/// The name of one update below its tag, such as `42`; names a directory.
public struct UpdateName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: some StringProtocol) throws(UpdateTreeError) {
        guard DirectoryName.isValid(text) else {
            throw UpdateTreeError(
                .updateNameInvalid,
                "\(DirectoryName.quoted(text)) is no update name; use letters, digits and _ . + -, begin with a letter or digit, at most \(DirectoryName.longest) bytes"
            )
        }
        self.text = String(text)
    }

    public var description: String { text }
}

extension UpdateName: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
