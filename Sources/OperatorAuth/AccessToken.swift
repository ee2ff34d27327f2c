import Crypto
import FoundationEssentials

/// A bearer token: `ota_<id>_<secret>`. It is shown once; only the digest of its secret is kept.
public struct AccessToken: Sendable {
    /// Finds the record; not secret.
    public let id: String
    private let secret: String

    /// A new token: 256 random bits.
    public static func random() -> AccessToken {
        AccessToken(id: letters(12), secret: letters(43))
    }

    private static func letters(_ count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    private init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }

    /// Reads a token that somebody presents.
    public init(presented text: some StringProtocol) throws(OperatorAuthError) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "ota", parts[1].utf8.count == 12, parts[2].utf8.count == 43,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw OperatorAuthError(.tokenInvalid, "the token is not one that otaserve token create printed") }
        self.init(id: String(parts[1]), secret: String(parts[2]))
    }

    /// The whole token. For the one who asked for it, and nobody else: never logged.
    public var text: String { "ota_\(id)_\(secret)" }

    /// SHA-256 of the secret. It has 256 random bits, so no slow hash is needed.
    public var secretDigest: [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }
}
