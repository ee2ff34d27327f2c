/// Which of the two trusts a device belongs to. Its certificate alone decides.
public enum Channel: String, Codable, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case ci
    case prod

    public init(isProduction: Bool) { self = isProduction ? .prod : .ci }

    public init(_ text: String) throws(UpdateTreeError) {
        guard let channel = Channel(rawValue: text) else {
            throw UpdateTreeError(.channelInvalid, "\(DirectoryName.quoted(text)) is no channel; use ci or prod")
        }
        self = channel
    }

    public var isProduction: Bool { self == .prod }
    public var description: String { rawValue }
}
