import StrictJSON

/// Who signed a root that is not out yet, and who still must: its own keys, and those of the root before it.
public struct RootSignatures: Sendable {
    /// One of the two thresholds.
    public struct Tally: Sendable {
        /// The version of the root whose keys are counted.
        public let version: Int64
        public let threshold: Int
        public let signed: [KeyID]
        public let unsigned: [KeyID]

        public var missing: Int { max(0, threshold - signed.count) }
    }

    public let version: Int64
    public let tallies: [Tally]
    public var isComplete: Bool { tallies.allSatisfy { $0.missing == 0 } }

    /// `before` is nil for the first root of a chain.
    public init(_ envelope: Envelope, before: RootMetadata?) throws(TUFError) {
        let root = try RootMetadata(envelope)
        version = root.version
        tallies = [before, root].compactMap(\.self).map { counted in
            let keys = counted.keys(of: .root)
            let signers = envelope.validSigners(among: keys)
            let ids = keys.distinctKeys.compactMap { keys.ids(of: $0).first }
            let signed = ids.filter { id in keys.keys[id].map(signers.contains) ?? false }
            return Tally(
                version: counted.version, threshold: keys.threshold, signed: signed, unsigned: ids.filter { !signed.contains($0) })
        }
    }

    /// Adds the signatures of `keys` to a root and returns the new file. A key of neither root is refused when `before`
    /// is known.
    static func add(_ keys: [PrivateKey], to envelope: Envelope, before: RootMetadata?) throws(TUFError) -> [UInt8] {
        let root = try RootMetadata(envelope)
        let message = try MetadataWriter.message(envelope.signed.value, profile: envelope.profile)
        var fresh: [Signature] = []
        for key in keys {
            for id in try ids(of: key.publicKey, in: root, before, profile: envelope.profile) {
                fresh.append(try Signer(key: key, keyID: id).signature(of: message, profile: envelope.profile))
            }
        }
        return try merged(envelope, fresh)
    }

    private static func ids(
        of key: PublicKey, in root: RootMetadata, _ before: RootMetadata?, profile: Profile
    ) throws(TUFError) -> [KeyID] {
        var ids: [KeyID] = []
        for id in root.keys(of: .root).ids(of: key) + (before?.keys(of: .root).ids(of: key) ?? []) where !ids.contains(id) {
            ids.append(id)
        }
        if ids.isEmpty, before == nil { return [try key.id(profile: profile)] }
        return ids
    }

    /// The root with the signatures of `imported` that fit; throws when it is another root, or when none fits.
    static func merge(_ imported: Envelope, into envelope: Envelope, before: RootMetadata?) throws(TUFError) -> [UInt8] {
        guard imported.profile == envelope.profile, imported.signed.value.hasSameContent(as: envelope.signed.value) else {
            throw TUFError(.signatureForeign, "the signatures are over another root than the pending one; sign the pending file")
        }
        let root = try RootMetadata(envelope)
        let message = try MetadataWriter.message(envelope.signed.value, profile: envelope.profile)
        let candidates = root.keys(of: .root).distinctKeys + (before?.keys(of: .root).distinctKeys ?? [])
        var fresh: [Signature] = []
        for signature in imported.signatures {
            guard let bytes = signature.bytes else {
                throw TUFError(.signatureForeign, "the signature of the key \(signature.keyID) cannot be decoded; sign again")
            }
            // By the material: the machine that signed may know the key by another id.
            guard let key = candidates.first(where: { $0.isValid(bytes, for: message) }) else {
                throw TUFError(
                    .keyNotOfRole,
                    "the signature of the key \(signature.keyID) is not one of a root key over this root; sign with a key that otaserve tuf status lists"
                )
            }
            let method = envelope.profile == .fio ? key.method : nil
            for id in try ids(of: key, in: root, before, profile: envelope.profile) {
                fresh.append(Signature(keyID: id, bytes: bytes, method: method))
            }
        }
        guard !fresh.isEmpty else { throw TUFError(.signatureForeign, "the file holds no signature; sign it with otaserve tuf sign") }
        return try merged(envelope, fresh)
    }

    private static func merged(_ envelope: Envelope, _ fresh: [Signature]) throws(TUFError) -> [UInt8] {
        var signatures = envelope.signatures
        for signature in fresh {
            signatures.removeAll { $0.keyID == signature.keyID }
            signatures.append(signature)
        }
        return try MetadataWriter.file(envelope.signed.value, signatures: signatures, profile: envelope.profile)
    }
}

extension JSONValue {
    /// Whether both are the same but for the order of members.
    fileprivate func hasSameContent(as other: JSONValue) -> Bool {
        CanonicalJSON.bytes(of: self, .ordinary) == CanonicalJSON.bytes(of: other, .ordinary)
    }
}
