/// JSON in its one shortest form: no blanks, members sorted by their bytes.
public enum CanonicalJSON {
    public enum Escaping: Sendable {
        /// OLPC canonical JSON, as the TUF specification signs: only `"` and `\` are escaped, all else stands raw.
        case minimal
        /// Ordinary JSON: control characters as `\n`, `\r`, `\t`, `\b`, `\f` or `\u00XX`.
        case ordinary
    }

    public static func bytes(of value: JSONValue, _ escaping: Escaping) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes, escaping)
        return bytes
    }

    private static func append(_ value: JSONValue, to bytes: inout [UInt8], _ escaping: Escaping) {
        switch value {
        case .null: bytes += Array("null".utf8)
        case .bool(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .integer(let number): bytes += Array(String(number).utf8)
        case .string(let text): append(text, to: &bytes, escaping)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(element, to: &bytes, escaping)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(member.name, to: &bytes, escaping)
                bytes.append(UInt8(ascii: ":"))
                append(member.value, to: &bytes, escaping)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8], _ escaping: Escaping) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20 where escaping == .ordinary: bytes += escape(of: byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(of control: UInt8) -> [UInt8] {
        switch control {
        case 0x08: return Array("\\b".utf8)
        case 0x09: return Array("\\t".utf8)
        case 0x0A: return Array("\\n".utf8)
        case 0x0C: return Array("\\f".utf8)
        case 0x0D: return Array("\\r".utf8)
        default:
            let digits = Array("0123456789abcdef".utf8)
            return Array("\\u00".utf8) + [digits[Int(control >> 4)], digits[Int(control & 15)]]
        }
    }
}
