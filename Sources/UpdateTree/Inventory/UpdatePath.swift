/// The rule for a path inside an update: at most 16 components, none of them hidden by a dot-dot or empty, none longer
/// than 255 bytes, no control characters and no backslash.
public enum UpdatePath {
    static let deepest = 16
    static let longest = 1024

    /// By bytes throughout: a slash with a combining mark behind it is one character and still ends a name on the disk.
    public static func isValid(_ path: some StringProtocol) -> Bool {
        let bytes = path.utf8
        guard bytes.count <= longest, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else { return false }
        let components = Substring(path).utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard (2...deepest).contains(components.count), let first = components.first, UpdateParts.names.contains(String(Substring(first)))
        else { return false }
        return components.allSatisfy { !$0.isEmpty && $0.count <= 255 && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    }
}
