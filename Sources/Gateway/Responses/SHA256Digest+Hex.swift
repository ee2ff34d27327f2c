import Crypto

extension SHA256Digest {
    /// 64 lower-case hexadecimal digits.
    var hex: String {
        map { byte in
            let hex = String(byte, radix: 16)
            return hex.utf8.count == 1 ? "0\(hex)" : hex
        }.joined()
    }
}
