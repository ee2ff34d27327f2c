/// The name of a container app; names a directory below `apps/apps`.
public struct AppName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: some StringProtocol) throws(UpdateTreeError) {
        guard DirectoryName.isValid(text) else {
            throw UpdateTreeError(
                .appNameInvalid,
                "\(DirectoryName.quoted(text)) is no app name; use letters, digits and _ . + -, begin with a letter or digit, at most \(DirectoryName.longest) bytes"
            )
        }
        self.text = String(text)
    }

    public var description: String { text }
}

extension AppName: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
