import Crypto
import CryptoExtras

/// How much work scrypt (RFC 7914) makes of a passphrase. Bounded: a file that came from elsewhere must not take all
/// memory of the machine that reads it.
struct ScryptCost: Equatable, Sendable {
    /// What new files are sealed with: 32 MiB and about a tenth of a second.
    static let usual = ScryptCost(unchecked: 1 << 15, 8, 1)
    static let mostMemory = 256 << 20

    let n: Int
    let r: Int
    let p: Int

    private init(unchecked n: Int, _ r: Int, _ p: Int) {
        self.n = n
        self.r = r
        self.p = p
    }

    init(n: Int, r: Int, p: Int) throws(TUFError) {
        guard (2...1 << 20).contains(n), n.nonzeroBitCount == 1, (1...16).contains(r), (1...4).contains(p),
            128 * n * r <= Self.mostMemory
        else {
            throw TUFError(
                .keyDerivationBounds,
                "scrypt with N=\(n), r=\(r), p=\(p) is refused; N must be a power of two, r at most 16, p at most 4, "
                    + "and the memory at most \(Self.mostMemory >> 20) MiB")
        }
        self.init(unchecked: n, r, p)
    }

    func key(from passphrase: SecretBytes, salt: [UInt8], length: Int) throws(TUFError) -> SymmetricKey {
        guard !passphrase.bytes.isEmpty, !salt.isEmpty,
            let key = try? KDF.Scrypt.deriveKey(
                from: passphrase.bytes, salt: salt, outputByteCount: length, rounds: n, blockSize: r, parallelism: p)
        else { throw TUFError(.passphraseWrong, "the passphrase is empty, or cannot be stretched; give another one") }
        return key
    }
}
