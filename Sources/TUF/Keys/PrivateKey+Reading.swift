import Crypto
import Foundation
import StrictJSON

extension PrivateKey {
    private static let labels: Set<String> = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]

    /// Reads a key as other tools write it: PEM (PKCS#8, PKCS#1, SEC 1, PKCS#8 under a passphrase) or the JSON of
    /// ota-tuf and Foundries (`.sec`).
    public init(file bytes: [UInt8], passphrase: SecretBytes? = nil) throws(TUFError) {
        guard bytes.count <= PEM.largest else { throw TUFError(.keyInvalid, "a key file has at most \(PEM.largest) bytes") }
        if bytes.first(where: { !$0.isBlank }) == UInt8(ascii: "{") {
            try self.init(document: bytes)
        } else {
            try self.init(pem: String(decoding: bytes, as: UTF8.self), passphrase: passphrase)
        }
    }

    /// Reads the first private key of a PEM file.
    public init(pem text: String, passphrase: SecretBytes? = nil) throws(TUFError) {
        let document = try PEM.first(in: text, labels: Self.labels)
        guard document.headers.isEmpty else {
            throw TUFError(
                .keyEncryptionUnsupported,
                "the private key is encrypted by openssl's old method; convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem -out NEW.pem"
            )
        }
        switch document.label {
        case "RSA PRIVATE KEY": self = try PrivateKeyInfo.rsa(document.bytes)
        case "EC PRIVATE KEY": self = try PrivateKeyInfo.ellipticCurve(document.bytes, curve: nil)
        case "ENCRYPTED PRIVATE KEY": self = try EncryptedPrivateKeyInfo.key(document.bytes, passphrase: passphrase)
        default: self = try PrivateKeyInfo.key(document.bytes)
        }
    }

    /// `{"keytype":"ED25519"|"RSA","keyval":{"private":…}}`: a seed in hexadecimal, with or without the public half
    /// behind it, or PEM.
    private init(document bytes: [UInt8]) throws(TUFError) {
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes) } catch { throw TUFError(error) }
        guard let type = document.root["keytype"]?.string, let text = document.root["keyval"]?["private"]?.string, !text.isEmpty else {
            throw TUFError(.keyInvalid, "the JSON holds no private key; it needs keytype and keyval.private")
        }
        switch type.lowercased() {
        case "ed25519":
            guard let raw = Hexadecimal.bytes(text), raw.count == 32 || raw.count == 64,
                let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw.prefix(32))
            else { throw TUFError(.keyInvalid, "a private Ed25519 key is 64 or 128 hexadecimal digits") }
            guard raw.count == 32 || Array(raw.suffix(32)) == Array(key.publicKey.rawRepresentation) else {
                throw TUFError(.keyInvalid, "the file's public key is not that of its private key; copy it anew")
            }
            try self.init(.ed25519(key))
        case "rsa":
            try self.init(pem: text)
            guard publicKey.method == .rsaPSS else { throw TUFError(.keyInvalid, "a key of the type RSA holds another key") }
        default: throw TUFError(.keyTypeUnsupported, "\(quoted(type)) is no type of key that is known here; use ED25519 or RSA")
        }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
