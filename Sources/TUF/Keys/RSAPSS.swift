import BigInt
import Crypto
import Foundation

/// Verification of RSASSA-PSS with SHA-256 and MGF1-SHA-256 and a salt of any length (RFC 8017 §8.1.2, §9.1.2).
///
/// The cryptographic library below us takes only salts as long as the digest; go-tuf and others sign with the longest
/// salt that fits. Only public numbers are worked with, so nothing here needs constant time.
enum RSAPSS {
    private static let digestLength = 32

    static func isValid(_ signature: [UInt8], digest: [UInt8], modulus: [UInt8], exponent: [UInt8]) -> Bool {
        let n = BigUInt(Data(modulus))
        let s = BigUInt(Data(signature))
        guard signature.count == modulus.count, s < n else { return false }
        let encodedBits = n.bitWidth - 1
        let length = (encodedBits + 7) / 8
        let number = Array(s.power(BigUInt(Data(exponent)), modulus: n).serialize())
        guard number.count <= length else { return false }
        let encoded = [UInt8](repeating: 0, count: length - number.count) + number
        return isEncoding(encoded, of: digest, bits: encodedBits)
    }

    /// EMSA-PSS-VERIFY.
    private static func isEncoding(_ encoded: [UInt8], of digest: [UInt8], bits: Int) -> Bool {
        guard encoded.count >= digestLength + 2, encoded.last == 0xBC else { return false }
        let maskedLength = encoded.count - digestLength - 1
        let hash = Array(encoded[maskedLength..<maskedLength + digestLength])
        let unused = 8 * encoded.count - bits
        let topMask: UInt8 = 0xFF >> UInt8(unused)
        guard encoded[0] & ~topMask == 0 else { return false }
        var block = zip(encoded[..<maskedLength], mask(hash, length: maskedLength)).map { $0 ^ $1 }
        block[0] &= topMask
        guard let one = block.firstIndex(where: { $0 != 0 }), block[one] == 1 else { return false }
        let salt = block[(one + 1)...]
        let expected = SHA256.hash(data: [UInt8](repeating: 0, count: 8) + digest + salt)
        return Array(expected) == hash
    }

    /// MGF1.
    private static func mask(_ seed: [UInt8], length: Int) -> [UInt8] {
        var mask: [UInt8] = []
        var counter: UInt32 = 0
        while mask.count < length {
            let number = withUnsafeBytes(of: counter.bigEndian) { Array($0) }
            mask += Array(SHA256.hash(data: seed + number))
            counter += 1
        }
        return Array(mask.prefix(length))
    }
}
