/// A path inside an OSTree repository that a device may read, such as `objects/ab/….filez`.
///
/// Components hold letters, digits and `_ . + - = @`, never begin with a dot, and the first one is a folder or
/// file that belongs to a repository's public face: `state/`, `tmp/` and the like stay unreachable.
public struct ObjectPath: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    static let longest = 512
    private static let files: Set<Substring> = ["config", "summary", "summary.sig"]
    private static let folders: Set<Substring> = ["objects", "deltas", "delta-indexes", "refs", "extensions"]

    /// Takes the path after percent-decoding.
    public init(_ text: some StringProtocol) throws(UpdateTreeError) {
        var text = String(text)
        text.makeContiguousUTF8()
        guard text.utf8.count <= Self.longest, Self.isWellFormed(text), Self.isPublic(text) else {
            throw UpdateTreeError(.pathInvalid, "\(DirectoryName.quoted(text)) is no path of an OSTree repository")
        }
        self.text = text
    }

    /// One pass over the bytes: this is on the way of every object a device fetches.
    private static func isWellFormed(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable(isWellFormed) ?? false
    }

    private static func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var atStart = true
        for byte in bytes {
            if byte == UInt8(ascii: "/") {
                if atStart { return false }
                atStart = true
                continue
            }
            guard DirectoryName.isAlphanumeric(byte) || DirectoryName.isMark(byte) || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "@")
            else { return false }
            if atStart, byte == UInt8(ascii: ".") { return false }
            atStart = false
        }
        return !atStart
    }

    private static func isPublic(_ text: String) -> Bool {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return files.contains(text[...]) }
        return folders.contains(text[..<slash])
    }

    public var description: String { text }
}
