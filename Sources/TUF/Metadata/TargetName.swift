/// The rule for a target's name: clients make file names and addresses of it.
enum TargetName {
    static let longest = 1024

    static func check(_ name: String) throws(TUFError) {
        guard !name.isEmpty, name.utf8.count <= longest, name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            // By bytes: a slash with a combining letter behind it is no slash as a character.
            !name.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) })
        else {
            throw TUFError(.targetNameInvalid, "\(quoted(name)) is no name of a target; it must not hold .., NUL or control characters")
        }
    }

    /// The same rule on the bytes of a name without escapes: whether it is ASCII alone, nil when it is no name.
    static func isPlain(_ raw: UnsafeBufferPointer<UInt8>) -> Bool? {
        guard !raw.isEmpty, raw.count <= longest else { return nil }
        // Without branches, so that many bytes are looked at in one step.
        var all: UInt8 = 0
        var isControl: UInt8 = 0
        for byte in raw {
            all |= byte
            isControl |= (byte < 0x20 ? 1 : 0) | (byte == 0x7F ? 1 : 0)
        }
        var hasDots: UInt8 = 0
        for index in 1..<raw.count {
            hasDots |= (raw[index - 1] == UInt8(ascii: ".") ? 1 : 0) & (raw[index] == UInt8(ascii: ".") ? 1 : 0)
        }
        guard isControl == 0, hasDots == 0 || !hasDotDot(raw) else { return nil }
        return all < 0x80
    }

    private static func hasDotDot(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
        raw.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).contains { $0.elementsEqual("..".utf8) }
    }
}
