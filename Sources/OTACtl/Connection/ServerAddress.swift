/// Where the server listens.
enum ServerAddress: Sendable {
    /// Without a slash at its end.
    case url(String)
    case socket(path: String)

    func url(_ path: String, _ query: [(name: String, value: String)]) -> String {
        let parameters = query.map { "\($0.name)=\(Self.encode($0.value))" }.joined(separator: "&")
        let target = parameters.isEmpty ? path : "\(path)?\(parameters)"
        return switch self {
        case .url(let base): base + target
        case .socket(let path): "http+unix://\(Self.encode(path))\(target)"
        }
    }

    /// For messages.
    var shown: String {
        switch self {
        case .url(let base): base
        case .socket(let path): path
        }
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986 §2.3).
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar) {
                encoded.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
