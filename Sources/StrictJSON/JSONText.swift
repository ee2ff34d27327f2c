/// The bytes between the quotes of a JSON string, to text and back.
public enum JSONText {
    /// Resolves the escapes of a string that was checked.
    static func decode(_ raw: some RandomAccessCollection<UInt8>) -> [UInt8] {
        guard raw.contains(UInt8(ascii: "\\")) else { return Array(raw) }
        let raw = Array(raw)
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            guard raw[index] == UInt8(ascii: "\\"), index + 1 < raw.count else {
                text.append(raw[index])
                index += 1
                continue
            }
            switch raw[index + 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                let (scalar, length) = raw.withUnsafeBufferPointer { escapedScalar($0, at: index) }
                text.append(contentsOf: Array(String(Character(scalar)).utf8))
                index += length
                continue
            case let other: text.append(other)
            }
            index += 2
        }
        return text
    }

    private static func escapedScalar(_ raw: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, length: Int) {
        let high = hexUnit(raw, at: index + 2) ?? 0
        if (0xD800..<0xDC00).contains(high), let low = hexUnit(raw, at: index + 8),
            let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low & 0x3FF))
        {
            return (scalar, 12)
        }
        return (Unicode.Scalar(high) ?? "\u{FFFD}", 6)
    }

    /// The four hexadecimal digits at `position`; nil when there are fewer.
    static func hexUnit(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for index in position..<position + 4 {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
