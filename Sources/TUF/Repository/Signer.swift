/// A private key and the name by which root knows it.
struct Signer: Sendable {
    let key: PrivateKey
    let keyID: KeyID

    func signature(of message: [UInt8], profile: Profile) throws(TUFError) -> Signature {
        Signature(keyID: keyID, bytes: try key.sign(message), method: profile == .fio ? key.publicKey.method : nil)
    }
}

extension RoleKeys {
    /// Those of `keys` that are this role's, under the ids the role has for them.
    func signers(among keys: [PrivateKey]) -> [Signer] {
        keyIDs.compactMap { id in
            guard let wanted = self.keys[id], let key = keys.first(where: { $0.publicKey == wanted }) else { return nil }
            return Signer(key: key, keyID: id)
        }
    }

    /// The ids that `key` has in this role.
    func ids(of key: PublicKey) -> [KeyID] { keyIDs.filter { keys[$0] == key } }

    /// Each key once, in the order of the file.
    var distinctKeys: [PublicKey] {
        var distinct: [PublicKey] = []
        for id in keyIDs {
            if let key = keys[id], !distinct.contains(key) { distinct.append(key) }
        }
        return distinct
    }
}
