/// The rule for every name that becomes one directory: `[A-Za-z0-9][A-Za-z0-9_.+-]*`, at most 80 bytes.
///
/// `.`, `..` and hidden names cannot match, because the first byte is a letter or a digit.
enum DirectoryName {
    static let longest = 80

    static func isValid(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count <= longest else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || isMark($0) }
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }

    static func quoted(_ text: some StringProtocol) -> String { String(text.prefix(100)).debugDescription }
}
