extension Checksum {
    /// Characters of a checksum in ostree's base64: `/` became `_`, and nothing pads.
    static let base64Length = 43

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+_".utf8)

    private static let values: [UInt8: UInt8] = Dictionary(
        uniqueKeysWithValues: alphabet.enumerated().map { ($0.element, UInt8($0.offset)) })

    /// Reads the one spelling that ostree writes and asks for: two bits are left over, and they are zero.
    init?(base64 text: some Collection<UInt8>) {
        guard text.count == Self.base64Length else { return nil }
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for character in text {
            guard let value = Self.values[character] else { return nil }
            pending = pending << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
                pending &= (1 << UInt32(bits)) - 1
            }
        }
        guard pending == 0 else { return nil }
        self.init(bytes)
    }

    /// 43 characters.
    var base64: String {
        var text: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(Self.alphabet[Int(pending >> UInt32(bits)) & 63])
            }
            pending &= (1 << UInt32(bits)) - 1
        }
        text.append(Self.alphabet[Int(pending << UInt32(6 - bits)) & 63])
        return String(decoding: text, as: UTF8.self)
    }
}
