/// A SHA-256 as OCI writes it: `sha256:` and 64 lower-case hexadecimal digits.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    public let hex: String

    public init(_ text: some StringProtocol) throws(UpdateTreeError) {
        guard text.hasPrefix("sha256:"), Self.isHex(text.utf8.dropFirst(7)) else {
            throw UpdateTreeError(
                .digestInvalid,
                "\(DirectoryName.quoted(text)) is no digest; write sha256: and 64 lower-case hexadecimal digits")
        }
        hex = String(text.dropFirst(7))
    }

    public init(hex: some StringProtocol) throws(UpdateTreeError) { try self.init("sha256:" + hex) }

    /// For digits that were made here.
    init(checkedHex: String) { hex = checkedHex }

    static func isHex(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count == 64
            && bytes.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    public var description: String { "sha256:\(hex)" }
}
