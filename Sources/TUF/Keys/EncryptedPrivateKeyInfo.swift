import Crypto
import CryptoExtras
import SwiftASN1

/// PKCS#8 under a passphrase: PBES2 (RFC 8018 §6.2) with PBKDF2 or scrypt (RFC 7914) and AES-CBC, as openssl writes it.
enum EncryptedPrivateKeyInfo {
    private static let mostIterations = 10_000_000
    private static let conversion = "openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem -out NEW.pem"

    static func key(_ der: [UInt8], passphrase: SecretBytes?) throws(TUFError) -> PrivateKey {
        let members = try DERValue(der).members
        guard members.count == 2, let sealed = members[1].octets else { throw DERValue.damaged }
        let scheme = try parts(members[0])
        guard scheme.name == .pbes2 else {
            throw TUFError(.keyEncryptionUnsupported, "the private key is encrypted by an old method; convert it: \(conversion)")
        }
        let steps = try scheme.parameters.members
        guard steps.count == 2 else { throw DERValue.damaged }
        let cipher = try parts(steps[1])
        guard let length = keyLength(cipher.name) else {
            throw TUFError(
                .keyEncryptionUnsupported, "the private key is encrypted with another cipher than AES-CBC; convert it: \(conversion)")
        }
        guard let passphrase else {
            throw TUFError(
                .keyMissing, "the private key is encrypted; give its passphrase with OTASERVE_TUF_PASSPHRASE or --passphrase-file")
        }
        guard let vector = cipher.parameters.octets, vector.count == 16, let iv = try? AES._CBC.IV(ivBytes: vector) else {
            throw DERValue.damaged
        }
        let key = try derive(parts(steps[0]), passphrase: passphrase, length: length)
        // Wrong padding and wrong content are one answer: both mean a wrong passphrase, or damage.
        guard let plain = try? AES._CBC.decrypt(sealed, using: key, iv: iv), let read = try? PrivateKeyInfo.key(Array(plain)) else {
            throw TUFError(.passphraseWrong, "the private key does not open; the passphrase is another one, or the file is damaged")
        }
        return read
    }

    private static func parts(_ value: DERValue) throws(TUFError) -> (name: ASN1ObjectIdentifier, parameters: DERValue) {
        let members = try value.members
        guard members.count == 2, let name = members[0].identifier else { throw DERValue.damaged }
        return (name, members[1])
    }

    private static func keyLength(_ cipher: ASN1ObjectIdentifier) -> Int? {
        switch cipher {
        case .aes128CBC: 16
        case .aes192CBC: 24
        case .aes256CBC: 32
        default: nil
        }
    }

    private static func derive(
        _ function: (name: ASN1ObjectIdentifier, parameters: DERValue), passphrase: SecretBytes, length: Int
    ) throws(TUFError) -> SymmetricKey {
        let members = try function.parameters.members
        guard let salt = members.first?.octets, (8...1024).contains(salt.count) else { throw DERValue.damaged }
        let numbers = members.dropFirst().compactMap(\.integer)
        switch function.name {
        case .scrypt:
            guard numbers.count >= 3, numbers.dropFirst(3).allSatisfy({ $0 == length }) else { throw DERValue.damaged }
            let cost = try ScryptCost(n: numbers[0], r: numbers[1], p: numbers[2])
            return try cost.key(from: passphrase, salt: salt, length: length)
        case .pbkdf2:
            guard let iterations = numbers.first, numbers.dropFirst().allSatisfy({ $0 == length }) else { throw DERValue.damaged }
            guard (1...mostIterations).contains(iterations) else {
                throw TUFError(.keyDerivationBounds, "PBKDF2 with \(iterations) rounds is refused; at most \(mostIterations)")
            }
            let hash = try hash(members.dropFirst().first { $0.isSequence })
            guard
                let key = try? KDF.Insecure.PBKDF2.deriveKey(
                    from: passphrase.bytes, salt: salt, using: hash, outputByteCount: length, unsafeUncheckedRounds: iterations)
            else { throw DERValue.damaged }
            return key
        default:
            throw TUFError(
                .keyEncryptionUnsupported, "the private key's passphrase is stretched by an unknown method; convert it: \(conversion)")
        }
    }

    /// The pseudorandom function of PBKDF2; HMAC-SHA-1 when none is named.
    private static func hash(_ value: DERValue?) throws(TUFError) -> KDF.Insecure.PBKDF2.HashFunction {
        guard let value else { return .insecureSHA1 }
        switch try value.members.first?.identifier {
        case .hmacSHA1: return .insecureSHA1
        case .hmacSHA256: return .sha256
        case .hmacSHA384: return .sha384
        case .hmacSHA512: return .sha512
        default:
            throw TUFError(
                .keyEncryptionUnsupported, "the private key's passphrase is hashed by an unknown method; convert it: \(conversion)")
        }
    }
}

extension ASN1ObjectIdentifier {
    fileprivate static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]
    fileprivate static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 12]
    fileprivate static let scrypt: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11591, 4, 11]
    fileprivate static let hmacSHA1: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 7]
    fileprivate static let hmacSHA256: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 9]
    fileprivate static let hmacSHA384: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 10]
    fileprivate static let hmacSHA512: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 11]
    fileprivate static let aes128CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 2]
    fileprivate static let aes192CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 22]
    fileprivate static let aes256CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 42]
}
