import Crypto
import FileTree

/// What private keys at rest are sealed under: a passphrase that a person or a service manager gives, or a file with 32
/// random bytes beside them. Printed it shows nothing.
///
/// A key file protects backups and copies of `keys/` that were made without it; against who reads the whole disk only a
/// passphrase helps.
public struct KeySecret: Sendable {
    enum Kind: String, Sendable {
        case passphrase = "scrypt"
        case keyFile = "key-file"
    }

    public static let fileName = "key"

    let kind: Kind
    let content: SecretBytes

    private init(_ kind: Kind, _ content: SecretBytes) {
        self.kind = kind
        self.content = content
    }

    /// New keys are sealed only under 8 bytes or more. One line end behind it is not part of it: editors and `echo` leave one.
    public static func passphrase(_ bytes: some Sequence<UInt8>) throws(TUFError) -> KeySecret {
        passphrase(try trimmed(bytes))
    }

    public static func passphrase(_ passphrase: SecretBytes) -> KeySecret { KeySecret(.passphrase, passphrase) }

    /// A passphrase as it stands in a file or in the environment.
    public static func trimmed(_ bytes: some Sequence<UInt8>) throws(TUFError) -> SecretBytes {
        var bytes = Array(bytes)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard (1...1024).contains(bytes.count) else {
            throw TUFError(.passphraseWrong, "a passphrase has 1 to 1024 bytes; give another one")
        }
        return SecretBytes(bytes)
    }

    /// Reads the key file `name`; nil when there is none.
    public static func file(in directory: Directory, named name: String = fileName) throws(TUFError) -> KeySecret? {
        guard let bytes = try directory.metadata(name, limit: 4096) else { return nil }
        guard directory.status(name).map({ $0.mode & 0o077 == 0 }) ?? false else {
            throw TUFError(.keyExposed, "others may read \(directory.path)/\(name); run chmod 600 on it")
        }
        guard bytes.count == 32 else {
            throw TUFError(.keyFileDamaged, "\(directory.path)/\(name) must have 32 bytes; bring it back from a backup")
        }
        return KeySecret(.keyFile, SecretBytes(bytes))
    }

    /// Reads the key file `name`, making it when there is none.
    public static func makeFile(in directory: Directory, named name: String = fileName) throws(TUFError) -> KeySecret {
        if let present = try file(in: directory, named: name) { return present }
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        try directory.store(name, bytes, mode: 0o600)
        return KeySecret(.keyFile, SecretBytes(bytes))
    }
}

extension KeySecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(\(kind == .passphrase ? "passphrase" : "key file"))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
