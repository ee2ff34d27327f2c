import Crypto
import StrictJSON

/// A key as root and delegating targets metadata hold it.
extension PublicKey {
    /// Reads a key object; nil when its type or scheme is one that this code does not know. The fio profile, whose
    /// clients reject a root with such a key, throws instead.
    static func read(_ value: JSONElement, profile: Profile) throws(TUFError) -> PublicKey? {
        guard let type = value["keytype"]?.string else { throw TUFError(.memberMissing, "a key needs a keytype") }
        let text = value["keyval"]?["public"]?.string
        switch profile {
        case .fio:
            guard let text else { throw Self.noPublic }
            switch type.lowercased() {
            case "ed25519": return try PublicKey(ed25519: hex(text))
            case "rsa":
                let key = try PublicKey(pem: text)
                guard key.method == .rsaPSS else { throw TUFError(.keyInvalid, "a key of the type RSA holds another key") }
                return key
            default:
                throw TUFError(.keyTypeUnsupported, "devices reject a root with a key of the type \(quoted(type)); use ED25519 or RSA")
            }
        case .standard:
            guard let scheme = value["scheme"]?.string else { throw TUFError(.memberMissing, "a key needs a scheme") }
            switch (type, scheme) {
            case ("ed25519", "ed25519"):
                guard let text else { throw Self.noPublic }
                return try PublicKey(ed25519: hex(text))
            case ("ecdsa", "ecdsa-sha2-nistp256"), ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"),
                ("ecdsa", "ecdsa-sha2-nistp384"), ("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"),
                ("rsa", "rsassa-pss-sha256"):
                guard let text else { throw Self.noPublic }
                let key = try PublicKey(pem: text)
                guard key.method.rawValue == scheme else {
                    throw TUFError(.keyInvalid, "the key's scheme is \(scheme), its content \(key.method.rawValue)")
                }
                return key
            default: return nil
            }
        }
    }

    private static var noPublic: TUFError { TUFError(.memberMissing, "a key needs keyval.public") }

    private static func hex(_ text: String) throws(TUFError) -> [UInt8] {
        guard let bytes = Hexadecimal.bytes(text) else { throw TUFError(.keyInvalid, "an Ed25519 key is 64 hexadecimal digits") }
        return bytes
    }

    /// The key object. Throws for a key that clients of the profile reject.
    public func document(profile: Profile) throws(TUFError) -> JSONValue {
        switch (profile, self) {
        case (.fio, .ed25519(let bytes)): return Self.object("ED25519", Hexadecimal.text(bytes))
        case (.fio, .rsa): return Self.object("RSA", pem)
        case (.fio, _):
            throw TUFError(.keyTypeUnsupported, "devices reject ECDSA keys in the fio profile; use Ed25519 or RSA")
        case (.standard, .ed25519(let bytes)): return Self.object("ed25519", Hexadecimal.text(bytes), scheme: method)
        case (.standard, .rsa): return Self.object("rsa", pem, scheme: method)
        case (.standard, _): return Self.object("ecdsa", pem, scheme: method)
        }
    }

    private static func object(_ type: String, _ text: String, scheme: SignatureMethod? = nil) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("keytype", .string(type)), ("keyval", .object([("public", .string(text))])),
        ]
        if let scheme { members.append(("scheme", .string(scheme.rawValue))) }
        return .object(members)
    }

    /// The id by which new metadata name this key.
    public func id(profile: Profile) throws(TUFError) -> KeyID {
        switch profile {
        case .fio: KeyID(digest: SHA256.hash(data: der))
        case .standard: KeyID(digest: SHA256.hash(data: CanonicalJSON.bytes(of: try document(profile: .standard), .minimal)))
        }
    }
}
