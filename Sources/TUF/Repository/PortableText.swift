import StrictJSON

/// The texts that every encoder of JSON writes the same: printable ASCII, and `\n`, `\r`, `\t`.
///
/// Clients sign and hash what their own encoder makes of a file. Where encoders differ, a signature that is right for
/// one client is wrong for another.
enum PortableText {
    static func check(_ value: JSONValue) throws(TUFError) {
        switch value {
        case .null, .bool, .integer: break
        case .string(let text): try check(text)
        case .array(let elements): for element in elements { try check(element) }
        case .object(let members):
            for (name, value) in members {
                try check(name)
                try check(value)
            }
        }
    }

    private static func check(_ text: String) throws(TUFError) {
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) else {
            throw TUFError(
                .textNotPortable, "\(quoted(text)) cannot be signed so that every device reads it; use printable ASCII characters")
        }
    }
}
