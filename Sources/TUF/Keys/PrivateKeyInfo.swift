import Crypto
import CryptoExtras
import SwiftASN1

/// PKCS#8 (RFC 5208) and its second version (RFC 5958): a private key that says of which kind it is.
enum PrivateKeyInfo {
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    static func key(_ der: [UInt8]) throws(TUFError) -> PrivateKey {
        let members = try DERValue(der).members
        guard members.count >= 3, let version = members[0].integer, (0...1).contains(version),
            let content = members[2].octets
        else { throw DERValue.damaged }
        let kind = try members[1].members
        guard let algorithm = kind.first?.identifier else { throw DERValue.damaged }
        switch algorithm {
        case .ed25519: return try ed25519(content, others: members.dropFirst(3))
        case .ellipticCurve:
            guard kind.count == 2, let curve = kind[1].identifier else { throw unknownCurve }
            return try ellipticCurve(content, curve: curve)
        case .rsaEncryption: return try rsa(content)
        default:
            throw TUFError(.keyTypeUnsupported, "the private key is of the kind \(algorithm); use Ed25519, P-256, P-384 or RSA")
        }
    }

    private static func ed25519(_ content: [UInt8], others: ArraySlice<DERValue>) throws(TUFError) -> PrivateKey {
        guard let seed = try DERValue(content).octets, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw DERValue.damaged
        }
        // [1], in version 2 only: BIT STRING, whose first byte counts unused bits.
        if let stated = others.first(where: { $0.isContext(1) })?.primitive, Array(stated) != [0] + Array(key.publicKey.rawRepresentation) {
            throw TUFError(.keyInvalid, "the file's public key is not that of its private key; copy it anew")
        }
        return try PrivateKey(.ed25519(key))
    }

    /// Takes the `ECPrivateKey` of RFC 5915. The curve is what is named around it, or in it, or else what the length of
    /// the number tells: the library below reads a number of any curve as one of its own.
    static func ellipticCurve(_ der: [UInt8], curve outer: ASN1ObjectIdentifier?) throws(TUFError) -> PrivateKey {
        let members = try DERValue(der).members
        guard members.count >= 2, members[0].integer == 1, let number = members[1].octets else { throw DERValue.damaged }
        var inner: ASN1ObjectIdentifier?
        if let parameters = members.dropFirst(2).first(where: { $0.isContext(0) }) {
            guard let curve = parameters.first?.identifier else { throw unknownCurve }
            inner = curve
        }
        if let outer, let inner, outer != inner { throw DERValue.damaged }
        let curve = outer ?? inner ?? (number.count == 32 ? .p256 : .p384)
        // Some write the number without its leading zeros.
        func padded(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: max(0, count - number.count)) + number }
        switch curve {
        case .p256:
            guard let key = try? P256.Signing.PrivateKey(rawRepresentation: padded(32)) else { throw DERValue.damaged }
            return try PrivateKey(.ecdsaP256(key))
        case .p384:
            guard let key = try? P384.Signing.PrivateKey(rawRepresentation: padded(48)) else { throw DERValue.damaged }
            return try PrivateKey(.ecdsaP384(key))
        default: throw unknownCurve
        }
    }

    private static let unknownCurve = TUFError(
        .keyTypeUnsupported, "the private key is of another curve than P-256 and P-384, or not of a named curve; make a new key")

    /// Takes the `RSAPrivateKey` of PKCS#1.
    static func rsa(_ der: [UInt8]) throws(TUFError) -> PrivateKey {
        guard let key = try? _RSA.Signing.PrivateKey(unsafeDERRepresentation: der) else {
            throw TUFError(.keyInvalid, "the RSA key is damaged, or shorter than 2048 bits; make a new key")
        }
        return try PrivateKey(.rsa(key))
    }

    /// The unencrypted PKCS#8 form, for sealing.
    static func der(of key: PrivateKey) -> SecretBytes {
        switch key.material {
        case .ed25519(let key): SecretBytes(ed25519Prefix + Array(key.rawRepresentation))
        case .ecdsaP256(let key): SecretBytes(key.derRepresentation)
        case .ecdsaP384(let key): SecretBytes(key.derRepresentation)
        case .rsa(let key): SecretBytes(key.pkcs8DERRepresentation)
        }
    }
}

extension ASN1ObjectIdentifier {
    fileprivate static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]
    fileprivate static let ellipticCurve: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
    fileprivate static let p256: ASN1ObjectIdentifier = [1, 2, 840, 10045, 3, 1, 7]
    fileprivate static let p384: ASN1ObjectIdentifier = [1, 3, 132, 0, 34]
    fileprivate static let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
}
