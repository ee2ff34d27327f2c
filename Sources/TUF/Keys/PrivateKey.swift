import Crypto
import CryptoExtras
import Foundation

/// A key that signs. Printed, described or dumped it shows its public half's kind and nothing else.
///
/// ```swift
/// let key = try PrivateKey.make(.ed25519)
/// let signature = try key.sign(message)
/// ```
///
/// Map: ``make(_:)``, ``init(file:passphrase:)`` to read what other tools wrote, ``sign(_:)``, ``publicKey``.
public struct PrivateKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    enum Material: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case ecdsaP256(P256.Signing.PrivateKey)
        case ecdsaP384(P384.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    public static let mostModulusBits = 4096

    let material: Material
    public let publicKey: PublicKey

    init(_ material: Material) throws(TUFError) {
        self.material = material
        publicKey =
            switch material {
            case .ed25519(let key): try PublicKey(ed25519: Array(key.publicKey.rawRepresentation))
            case .ecdsaP256(let key): .ecdsaP256(Array(key.publicKey.x963Representation))
            case .ecdsaP384(let key): .ecdsaP384(Array(key.publicKey.x963Representation))
            case .rsa(let key): try PublicKey(der: Array(key.publicKey.derRepresentation))
            }
        // Signing with longer keys takes long; no client asks for them.
        if case .rsa(let key) = material, key.keySizeInBits > Self.mostModulusBits {
            throw TUFError(
                .keyInvalid, "an RSA key of \(key.keySizeInBits) bits is too long to sign with; make one of 2048 to \(Self.mostModulusBits)"
            )
        }
    }

    public static func make(_ algorithm: KeyAlgorithm) throws(TUFError) -> PrivateKey {
        switch algorithm {
        case .ed25519: try PrivateKey(.ed25519(Curve25519.Signing.PrivateKey()))
        case .ecdsaP256: try PrivateKey(.ecdsaP256(P256.Signing.PrivateKey()))
        case .ecdsaP384: try PrivateKey(.ecdsaP384(P384.Signing.PrivateKey()))
        case .rsa2048: try make(rsaBits: .bits2048)
        case .rsa3072: try make(rsaBits: .bits3072)
        case .rsa4096: try make(rsaBits: .bits4096)
        }
    }

    private static func make(rsaBits: _RSA.Signing.KeySize) throws(TUFError) -> PrivateKey {
        guard let key = try? _RSA.Signing.PrivateKey(keySize: rsaBits) else {
            throw TUFError(.keyInvalid, "no RSA key could be made; try again")
        }
        return try PrivateKey(.rsa(key))
    }

    /// RSA: PSS with SHA-256, a salt of 32 bytes. ECDSA: the DER form. Ed25519: 64 bytes.
    public func sign(_ message: [UInt8]) throws(TUFError) -> [UInt8] {
        do {
            return switch material {
            case .ed25519(let key): Array(try key.signature(for: message))
            case .ecdsaP256(let key): Array(try key.signature(for: SHA256.hash(data: message)).derRepresentation)
            case .ecdsaP384(let key): Array(try key.signature(for: SHA384.hash(data: message)).derRepresentation)
            case .rsa(let key): Array(try key.signature(for: SHA256.hash(data: message), padding: .PSS).rawRepresentation)
            }
        } catch {
            throw TUFError(.keyInvalid, "the \(publicKey.method.rawValue) key does not sign; its numbers do not fit together")
        }
    }

    public var description: String { "(private \(publicKey.method.rawValue) key)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
