import Crypto

/// The SHA-256 that names a blob.
public struct BlobDigest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 64 lowercase hexadecimal digits: the name of the file.
    public let hex: String

    public init?(hex: some StringProtocol) {
        guard hex.utf8.count == 64,
            hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.hex = String(hex)
    }

    /// Reads `sha256:<hex>`. Other algorithms are in no update.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: text.dropFirst("sha256:".count))
    }

    init(_ digest: SHA256Digest) {
        let digits = Array("0123456789abcdef")
        hex = String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Relative to `apps/`.
    public var path: String { "blobs/sha256/\(hex)" }

    public var description: String { "sha256:\(hex)" }

    public static func < (left: BlobDigest, right: BlobDigest) -> Bool { left.hex < right.hex }
}
