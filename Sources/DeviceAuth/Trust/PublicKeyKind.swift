import Crypto
import SwiftASN1
import X509

/// The kinds of public key that are accepted: EC P-256 and P-384, RSA of 2048 bits and more, Ed25519.
enum PublicKeyKind: Equatable, Sendable {
    case p256, p384, ed25519
    case rsa(bits: Int)

    /// Says what is wrong with a key; the caller names whose key it is.
    struct Unacceptable: Error {
        let reason: String
    }

    init(_ key: Certificate.PublicKey) throws(Unacceptable) {
        if P256.Signing.PublicKey(key) != nil {
            self = .p256
        } else if P384.Signing.PublicKey(key) != nil {
            self = .p384
        } else if let key = Curve25519.Signing.PublicKey(key) {
            guard !Self.hasSmallOrder([UInt8](key.rawRepresentation)) else {
                throw Unacceptable(reason: "is an Ed25519 point of small order, for which anybody can sign")
            }
            self = .ed25519
        } else if let bits = Self.modulusBits(key.subjectPublicKeyInfoBytes) {
            guard bits >= 2048 else { throw Unacceptable(reason: "is RSA with only \(bits) bits") }
            self = .rsa(bits: bits)
        } else {
            throw Unacceptable(reason: "is of a kind that is not accepted")
        }
    }

    /// The length of the modulus in an RSAPublicKey (RFC 8017 §A.1.1).
    private static func modulusBits(_ der: ArraySlice<UInt8>) -> Int? {
        var outer = DERScanner(der)
        guard let sequence = outer.next(), sequence.tag == 0x30 else { return nil }
        var inner = DERScanner(sequence.content)
        guard let integer = inner.next(), integer.tag == 0x02 else { return nil }
        let modulus = integer.content.drop(while: { $0 == 0 })
        guard let first = modulus.first else { return nil }
        return modulus.count * 8 - first.leadingZeroBitCount
    }

    /// Whether the point is in the subgroup of order 8: its y-coordinate is one of five, two of which have a second encoding.
    ///
    /// Verification with such a key succeeds for a signature that needs no private key.
    static func hasSmallOrder(_ key: [UInt8]) -> Bool {
        guard key.count == 32, let last = key.last else { return true }
        let withoutSign = key.dropLast() + [last & 0x7f]
        return smallOrderPoints.contains(Array(withoutSign))
    }

    private static let smallOrderPoints: Set<[UInt8]> = {
        let zeros = [UInt8](repeating: 0, count: 31)
        let ones = [UInt8](repeating: 0xff, count: 30)
        return [
            [0] + zeros, [1] + zeros, [0xec] + ones + [0x7f], [0xed] + ones + [0x7f], [0xee] + ones + [0x7f],
            [
                0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
                0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
            ],
            [
                0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
                0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
            ],
        ]
    }()
}
