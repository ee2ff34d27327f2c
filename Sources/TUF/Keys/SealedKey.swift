import Crypto
import Foundation
import StrictJSON

/// A private key as it lies on the disk: its public half, and its PKCS#8 form under AES-256-GCM.
///
/// The key of the cipher comes from a passphrase through scrypt, or is the key file's content. All that stands beside the
/// sealed bytes is authenticated with them.
struct SealedKey {
    private static let format: Int64 = 1
    private static let damaged = TUFError(.keyFileDamaged, "the key file is damaged; bring it back from a backup")

    let publicKey: PublicKey
    private let kind: KeySecret.Kind
    private let header: JSONValue
    private let sealed: [UInt8]
    private let stretching: (cost: ScryptCost, salt: [UInt8])?

    /// Refuses a passphrase that is soon guessed. What others sealed under a short one can still be opened.
    init(_ key: PrivateKey, under secret: KeySecret) throws(TUFError) {
        guard secret.content.bytes.count >= 8 else {
            throw TUFError(.passphraseWrong, "a passphrase for new keys has at least 8 bytes; choose a longer one")
        }
        publicKey = key.publicKey
        kind = secret.kind
        stretching =
            switch secret.kind {
            case .keyFile: nil
            case .passphrase: (.usual, SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) })
            }
        header = Self.header(publicKey: key.publicKey, kind: secret.kind, stretching: stretching)
        let cipherKey = try Self.cipherKey(secret, stretching)
        let plain = PrivateKeyInfo.der(of: key).bytes
        guard let box = try? AES.GCM.seal(plain, using: cipherKey, authenticating: CanonicalJSON.bytes(of: header, .ordinary)),
            let combined = box.combined
        else { throw TUFError(.keyInvalid, "the key could not be sealed; try again") }
        sealed = Array(combined)
    }

    init(parsing bytes: [UInt8]) throws(TUFError) {
        guard let document = try? JSONDocument(parsing: bytes).root, document["cipher"]?.string == "aes-256-gcm",
            let pem = document["public"]?.string, let name = document["kdf"]?["name"]?.string,
            let kind = KeySecret.Kind(rawValue: name), let text = document["sealed"]?.string, let data = Data(base64Encoded: text)
        else { throw Self.damaged }
        guard document["format"]?.integer == Self.format else {
            throw TUFError(.keyFileDamaged, "the key file has a format that this version does not know; use a newer one")
        }
        stretching =
            switch kind {
            case .keyFile: nil
            case .passphrase: try Self.stretching(document["kdf"])
            }
        publicKey = try PublicKey(pem: pem)
        self.kind = kind
        sealed = Array(data)
        header = Self.header(publicKey: publicKey, kind: kind, stretching: stretching)
    }

    private static func stretching(_ value: JSONElement?) throws(TUFError) -> (cost: ScryptCost, salt: [UInt8]) {
        guard let n = value?["n"]?.integer, let r = value?["r"]?.integer, let p = value?["p"]?.integer,
            let salt = Hexadecimal.bytes(value?["salt"]?.string ?? ""), (8...64).contains(salt.count)
        else { throw damaged }
        return (try ScryptCost(n: Int(n), r: Int(r), p: Int(p)), salt)
    }

    private static func header(
        publicKey: PublicKey, kind: KeySecret.Kind, stretching: (cost: ScryptCost, salt: [UInt8])?
    ) -> JSONValue {
        var kdf: [(name: String, value: JSONValue)] = [("name", .string(kind.rawValue))]
        if let stretching {
            kdf += [
                ("n", .integer(Int64(stretching.cost.n))), ("r", .integer(Int64(stretching.cost.r))),
                ("p", .integer(Int64(stretching.cost.p))), ("salt", .string(Hexadecimal.text(stretching.salt))),
            ]
        }
        return .object([
            ("format", .integer(format)), ("cipher", .string("aes-256-gcm")), ("kdf", .object(kdf)), ("public", .string(publicKey.pem)),
        ])
    }

    private static func cipherKey(_ secret: KeySecret, _ stretching: (cost: ScryptCost, salt: [UInt8])?) throws(TUFError) -> SymmetricKey {
        guard let stretching else { return SymmetricKey(data: secret.content.bytes) }
        return try stretching.cost.key(from: secret.content, salt: stretching.salt, length: 32)
    }

    /// The file's bytes.
    var bytes: [UInt8] {
        guard case .object(let members) = header else { return [] }
        let document = JSONValue.object(members + [("sealed", .string(Data(sealed).base64EncodedString()))])
        return CanonicalJSON.bytes(of: document, .ordinary) + [0x0A]
    }

    func open(with secret: KeySecret) throws(TUFError) -> PrivateKey {
        guard secret.kind == kind else {
            let wanted =
                switch kind {
                case .passphrase: "a passphrase; set OTASERVE_TUF_PASSPHRASE or give --passphrase-file"
                case .keyFile: "the file tuf/key; bring it back, and give no passphrase"
                }
            throw TUFError(.passphraseWrong, "the key is sealed under \(wanted)")
        }
        let cipherKey = try Self.cipherKey(secret, stretching)
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let plain = try? AES.GCM.open(box, using: cipherKey, authenticating: CanonicalJSON.bytes(of: header, .ordinary))
        else {
            let what = kind == .passphrase ? "the passphrase" : "the file tuf/key"
            throw TUFError(.passphraseWrong, "the key does not open; \(what) is another one, or the key's file was changed")
        }
        let key = try PrivateKeyInfo.key(Array(plain))
        guard key.publicKey == publicKey else { throw Self.damaged }
        return key
    }
}
