/// How a role's keys change with the next root.
public enum RoleChange: Sendable {
    /// One new key, made and kept here, takes the place of the role's only one.
    case replace(KeyAlgorithm)
    /// Keys come and go. With `making`, one of them is made here.
    case edit(making: KeyAlgorithm?, adding: [RoleKey], removing: [KeyID], threshold: Int?)
}

/// A key that is given to a role.
public enum RoleKey: Sendable {
    /// Kept here, sealed.
    case here(PrivateKey)
    /// Its private half stays where it is.
    case elsewhere(PublicKey)

    public var publicKey: PublicKey {
        switch self {
        case .here(let key): key.publicKey
        case .elsewhere(let key): key
        }
    }

    /// Reads a file that holds either half.
    public init(file bytes: [UInt8], passphrase: SecretBytes? = nil) throws(TUFError) {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("-----BEGIN PUBLIC KEY-----") || text.contains("-----BEGIN RSA PUBLIC KEY-----") {
            self = .elsewhere(try PublicKey(pem: text))
        } else {
            self = .here(try PrivateKey(file: bytes, passphrase: passphrase))
        }
    }
}

/// Where the root's private keys are.
public enum RootKeyPlace: Sendable {
    case here
    /// On other machines: the first root waits for their signatures.
    case elsewhere(keys: [PublicKey], threshold: Int)
}

/// What became of a new root.
public enum RootOutcome: Sendable {
    case published(version: Int64)
    case pending(RootSignatures)
}
