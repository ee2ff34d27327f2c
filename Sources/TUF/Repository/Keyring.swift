import FileTree

/// The private keys of one channel, sealed, one file each: `keys/<SHA-256 of the public key>.json`.
struct Keyring {
    private static let folderName = "keys"

    let channel: Directory

    private static func fileName(_ key: PublicKey) throws(TUFError) -> String { try key.id(profile: .fio).text + ".json" }

    /// The public halves of all keys that are here. Needs no secret.
    func publicKeys() throws(TUFError) -> [PublicKey] {
        guard let folder = try channel.folder(Self.folderName) else { return [] }
        var keys: [PublicKey] = []
        for name in try folder.list() where name.hasSuffix(".json") && !name.hasPrefix(".") {
            keys.append(try sealed(name, in: folder).publicKey)
        }
        return keys
    }

    private func sealed(_ name: String, in folder: Directory) throws(TUFError) -> SealedKey {
        guard let bytes = try folder.metadata(name, limit: PEM.largest) else {
            throw TUFError(.keyMissing, "the key file \(folder.path)/\(name) went away")
        }
        do throws(TUFError) {
            let key = try SealedKey(parsing: bytes)
            guard try Self.fileName(key.publicKey) == name else {
                throw TUFError(.keyFileDamaged, "the file is named after another key; give it its old name")
            }
            return key
        } catch {
            throw TUFError(error.code, "\(folder.path)/\(name): \(error.message)")
        }
    }

    /// Those of `wanted` that are here, opened.
    func open(_ wanted: Set<PublicKey>, with secret: KeySecret?) throws(TUFError) -> [PrivateKey] {
        guard let folder = try channel.folder(Self.folderName) else { return [] }
        var keys: [PrivateKey] = []
        for key in wanted {
            let name = try Self.fileName(key)
            guard folder.status(name) != nil else { continue }
            guard let secret else {
                throw TUFError(.keyMissing, "nothing was given to open the keys with; set OTASERVE_TUF_PASSPHRASE or bring back tuf/key")
            }
            do {
                keys.append(try sealed(name, in: folder).open(with: secret))
            } catch {
                throw TUFError(error.code, "\(folder.path)/\(name): \(error.message)")
            }
        }
        return keys
    }

    /// Throws when `secret` does not open what is here: keys under two secrets could never be used together.
    func check(_ secret: KeySecret?) throws(TUFError) {
        guard let any = try publicKeys().first else { return }
        _ = try open([any], with: secret)
    }

    func store(_ key: PrivateKey, under secret: KeySecret?) throws(TUFError) {
        guard let secret else {
            throw TUFError(.keyMissing, "nothing was given to seal the keys with; set OTASERVE_TUF_PASSPHRASE or run otaserve tuf init")
        }
        let bytes = try SealedKey(key, under: secret).bytes
        try channel.privateFolder(Self.folderName).store(Self.fileName(key.publicKey), bytes, mode: 0o600)
    }

    func remove(_ key: PublicKey) throws(TUFError) {
        guard let folder = try channel.folder(Self.folderName) else { return }
        try folder.discard(Self.fileName(key))
    }
}
