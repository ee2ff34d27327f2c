/// The name that a client gives to one upload, so that it can go on after a cut: 8 to 64 of `[A-Za-z0-9_-]`.
public struct UploadID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: some StringProtocol) throws(UpdateTreeError) {
        guard (8...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ DirectoryName.isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
        else {
            throw UpdateTreeError(
                .uploadInvalid, "\(DirectoryName.quoted(text)) is no upload id; use 8 to 64 letters, digits, _ and -")
        }
        self.text = String(text)
    }

    /// One that nobody guesses.
    public static func random() -> UploadID { UploadID(made: Staging.uniqueName() + "-" + Staging.uniqueName()) }

    private init(made text: String) { self.text = text }

    public var description: String { text }
}
