/// The name of a delegated role. In file names it is percent-encoded.
public struct DelegatedRoleName: Hashable, Sendable {
    public let text: String

    /// Any text of 1 to 200 bytes without control characters that is not one of the four top roles.
    public init(_ text: String) throws(TUFError) {
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            TopRole(rawValue: text) == nil, PercentEncoding.component(text).utf8.count <= PercentEncoding.longestComponent
        else {
            throw TUFError(.roleNameInvalid, "\(quoted(text)) is no name of a delegated role")
        }
        self.text = text
    }

    /// As one component of a path or an address.
    public var encoded: String { PercentEncoding.component(text) }

    // Swift's texts are equal when they look equal; two names that differ in their bytes are two roles.
    public static func == (left: DelegatedRoleName, right: DelegatedRoleName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    public var fileName: String { encoded + ".json" }
    /// How snapshot metadata name its file.
    public var metaName: String { text + ".json" }
}
