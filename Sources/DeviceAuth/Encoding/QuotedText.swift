/// `text` in quotation marks, fit for one line of a message: control and non-ASCII characters escaped, the length bounded.
///
/// Names come out of certificates that strangers present, and messages end up in logs and on terminals.
func quoted(_ text: some StringProtocol) -> String {
    let limit = 64
    var result = "\""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == limit {
            result += "…"
            break
        }
        result += scalar.escaped(asASCII: true)
        count += 1
    }
    return result + "\""
}

extension UInt8 {
    var isASCIILetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default:
            false
        }
    }
}
