import Crypto

extension SnapDigest {
    /// The digest of bytes that are in memory.
    public init(of bytes: some Sequence<UInt8>) {
        var hash = SHA3_384()
        hash.update(data: Array(bytes))
        self.init(hash.finalize())
    }

    /// What a hash of a file's bytes came to.
    public init(_ digest: SHA3_384.Digest) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        // 48 bytes: no rest, no padding.
        var bits: UInt32 = 0
        for (index, byte) in digest.enumerated() {
            bits = bits << 8 | UInt32(byte)
            guard index % 3 == 2 else { continue }
            for shift in [18, 12, 6, 0] { text.append(alphabet[Int(bits >> UInt32(shift) & 63)]) }
            bits = 0
        }
        self.init(checked: String(decoding: text, as: UTF8.self))
    }
}
