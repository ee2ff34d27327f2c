/// Texts as single components of a path or an address.
enum PercentEncoding {
    /// A file name on Linux has at most 255 bytes, and temporary names beside it need some of them.
    static let longestComponent = 240

    /// All but `A–Z a–z 0–9 _ . - ~` percent-encoded, so no text leads out of a directory; `.` and `..` alone are encoded
    /// too.
    static func component(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) { return text.replacing(".", with: "%2E") }
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hexadecimal.text([byte]).uppercased()
            }
        }
        return encoded
    }
}
