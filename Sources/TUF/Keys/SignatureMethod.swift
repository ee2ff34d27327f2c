import Crypto
import Foundation

/// How a key signs. The four that every client of one of the two profiles knows.
public enum SignatureMethod: String, Sendable, CaseIterable {
    case ed25519
    case ecdsaP256 = "ecdsa-sha2-nistp256"
    case ecdsaP384 = "ecdsa-sha2-nistp384"
    case rsaPSS = "rsassa-pss-sha256"
}

extension PublicKey {
    public var method: SignatureMethod {
        switch self {
        case .ed25519: .ed25519
        case .ecdsaP256: .ecdsaP256
        case .ecdsaP384: .ecdsaP384
        case .rsa: .rsaPSS
        }
    }

    /// Whether `signature` is this key's signature of `message`. False for bytes that are no signature at all.
    public func isValid(_ signature: [UInt8], for message: some DataProtocol) -> Bool {
        switch self {
        case .ed25519(let bytes):
            guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
            return key.isValidSignature(signature, for: message)
        case .ecdsaP256(let point):
            guard let key = try? P256.Signing.PublicKey(x963Representation: point),
                let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: message))
        case .ecdsaP384(let point):
            guard let key = try? P384.Signing.PublicKey(x963Representation: point),
                let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: message))
        case .rsa(let modulus, let exponent):
            return RSAPSS.isValid(signature, digest: Array(SHA256.hash(data: message)), modulus: modulus, exponent: exponent)
        }
    }
}
