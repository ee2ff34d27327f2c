import Crypto
import CryptoExtras
import Foundation

/// A key that signatures are checked with, known by its material: the same key under two ids is one key.
public enum PublicKey: Hashable, Sendable {
    /// 32 bytes (RFC 8032).
    case ed25519([UInt8])
    /// The uncompressed point, 65 bytes.
    case ecdsaP256([UInt8])
    /// The uncompressed point, 97 bytes.
    case ecdsaP384([UInt8])
    /// Big-endian numbers without leading zeros; the modulus has 2048 to 8192 bits.
    case rsa(modulus: [UInt8], exponent: [UInt8])

    public static let mostModulusBits = 8192

    /// 32 bytes; refuses points of small order, with which anybody can sign, and encodings that are not the only one.
    public init(ed25519 bytes: [UInt8]) throws(TUFError) {
        guard bytes.count == 32 else {
            throw TUFError(.keyInvalid, "an Ed25519 key has 32 bytes, this one \(bytes.count)")
        }
        guard !SmallOrderPoints.contains(bytes) else {
            throw TUFError(.keyWeak, "an Ed25519 key of small order accepts signatures of anybody; make a new key")
        }
        guard (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)) != nil else {
            throw TUFError(.keyInvalid, "the bytes are no Ed25519 key")
        }
        self = .ed25519(bytes)
    }

    /// A PEM document `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1).
    public init(pem text: String) throws(TUFError) {
        let document = try PEM.first(in: text, labels: ["PUBLIC KEY", "RSA PUBLIC KEY"])
        try self.init(der: document.bytes)
    }

    /// A SubjectPublicKeyInfo, or an RSAPublicKey of PKCS#1.
    public init(der bytes: [UInt8]) throws(TUFError) {
        if let ed25519 = Self.ed25519Key(in: bytes) {
            try self.init(ed25519: ed25519)
        } else if let key = try? P256.Signing.PublicKey(derRepresentation: bytes) {
            self = .ecdsaP256(Array(key.x963Representation))
        } else if let key = try? P384.Signing.PublicKey(derRepresentation: bytes) {
            self = .ecdsaP384(Array(key.x963Representation))
        } else if let key = try? _RSA.Signing.PublicKey(unsafeDERRepresentation: bytes), let numbers = try? key.getKeyPrimitives() {
            try self.init(modulus: Array(numbers.modulus), exponent: Array(numbers.publicExponent))
        } else {
            throw TUFError(.keyInvalid, "the key is no Ed25519, P-256, P-384 or RSA key; make one of these")
        }
    }

    private init(modulus: [UInt8], exponent: [UInt8]) throws(TUFError) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= 2048 else { throw TUFError(.keyWeak, "an RSA key of \(bits) bits is too short; make one of 2048 or more") }
        guard bits <= Self.mostModulusBits else {
            throw TUFError(.keyInvalid, "an RSA key of \(bits) bits is too long; make one of at most \(Self.mostModulusBits)")
        }
        // An even or huge exponent is no key of any tool and only costs time.
        guard (1...4).contains(exponent.count), let last = exponent.last, !last.isMultiple(of: 2), exponent != [1],
            let lowest = modulus.last, !lowest.isMultiple(of: 2)
        else {
            throw TUFError(.keyWeak, "the RSA key has unusual numbers; make a new key with the exponent 65537")
        }
        self = .rsa(modulus: modulus, exponent: exponent)
    }

    private static let ed25519Prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    private static func ed25519Key(in der: [UInt8]) -> [UInt8]? {
        der.count == 44 && der.starts(with: ed25519Prefix) ? Array(der.dropFirst(12)) : nil
    }

    /// The SubjectPublicKeyInfo.
    public var der: [UInt8] {
        switch self {
        case .ed25519(let bytes): return Self.ed25519Prefix + bytes
        case .ecdsaP256(let point):
            return (try? P256.Signing.PublicKey(x963Representation: point)).map { Array($0.derRepresentation) } ?? []
        case .ecdsaP384(let point):
            return (try? P384.Signing.PublicKey(x963Representation: point)).map { Array($0.derRepresentation) } ?? []
        case .rsa(let modulus, let exponent):
            return (try? _RSA.Signing.PublicKey(n: modulus, e: exponent)).map { Array($0.derRepresentation) } ?? []
        }
    }

    /// The SubjectPublicKeyInfo as PEM, ending in a newline.
    public var pem: String { PEM(label: "PUBLIC KEY", bytes: der).text }
}
