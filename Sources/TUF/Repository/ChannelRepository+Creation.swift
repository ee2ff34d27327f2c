import FileTree

extension ChannelRepository {
    /// Makes keys and the first root. With the root's keys elsewhere that root waits in `pending/` for signatures.
    ///
    /// Throws `channelExists` when there is a root already, out or waiting.
    @discardableResult
    public static func create(
        in directory: Directory, secret: KeySecret, keyAlgorithm: KeyAlgorithm = .ed25519, lifetimes: Lifetimes = .usual,
        root place: RootKeyPlace = .here, now: MetadataTime
    ) throws(TUFError) -> RootOutcome {
        let repository = ChannelRepository(directory: directory, secret: secret)
        return try ChannelLock.holding(directory) { () throws(TUFError) in
            guard try repository.trust.roots().isEmpty, try repository.pending.current(after: nil) == nil else {
                throw TUFError(
                    .channelExists, "\(directory.path) has a root already; change its keys with otaserve tuf rotate")
            }
            var made: [PrivateKey] = []
            var keys: [TopRole: [PublicKey]] = [:]
            var threshold = 1
            for role in TopRole.allCases {
                if role == .root, case .elsewhere(let given, let wanted) = place {
                    keys[role] = given
                    threshold = wanted
                } else {
                    let key = try PrivateKey.make(keyAlgorithm)
                    made.append(key)
                    keys[role] = [key.publicKey]
                }
            }
            let draft = try RootDraft(
                profile: .fio, roles: keys, thresholds: [.root: threshold], expires: lifetimes.expiry(of: .root, from: now))
            try repository.keyring.check(secret)
            // The root comes last: what is there before it is made again when this is cut off.
            for key in made { try repository.keyring.store(key, under: secret) }
            var settings = ChannelSettings()
            settings.lifetimes = lifetimes
            try settings.store(in: directory)
            try VersionLedger().store(in: directory)
            return try repository.put(draft, signedBy: made, after: nil)
        }
    }

    /// Writes a new root with the signatures of `keys`: out when they are enough, else waiting.
    func put(_ draft: RootDraft, signedBy keys: [PrivateKey], after newest: ChannelTrust.Root?) throws(TUFError) -> RootOutcome {
        let unsigned = try Envelope(
            parsing: MetadataWriter.file(draft.signed(), signatures: [], profile: draft.profile), as: .root)
        let own = draft.roles[.root]?.distinctKeys ?? []
        let rootKeys = Set(own + (newest?.metadata.keys(of: .root).distinctKeys ?? []))
        let bytes = try RootSignatures.add(
            keys.filter { rootKeys.contains($0.publicKey) }, to: unsigned, before: newest?.metadata)
        return try publishOrWait(Envelope(parsing: bytes, as: .root), after: newest)
    }

    func publishOrWait(_ envelope: Envelope, after newest: ChannelTrust.Root?) throws(TUFError) -> RootOutcome {
        let signatures = try RootSignatures(envelope, before: newest?.metadata)
        let limit = MetadataWriter.limit(.root, profile: envelope.profile)
        guard envelope.bytes.count <= limit else {
            throw TUFError(.tooLarge, "root would have \(envelope.bytes.count) bytes; devices read at most \(limit): name fewer keys")
        }
        guard signatures.isComplete else {
            try pending.store(envelope.bytes, version: signatures.version)
            return .pending(signatures)
        }
        if newest == nil { try trust.begin(envelope.bytes) } else { try trust.extend([envelope.bytes]) }
        try pending.clear()
        try retireKeys()
        return .published(version: signatures.version)
    }

    /// Removes private keys that only older roots name: whoever steals them must gain nothing. Their public halves are
    /// remembered, so that what they signed can be refreshed.
    func retireKeys() throws(TUFError) {
        let chain = try trust.roots()
        guard let newest = chain.last else { return }
        func keys(_ root: ChannelTrust.Root) -> Set<PublicKey> { Set(root.metadata.roles.values.flatMap(\.keys.values)) }
        let older = chain.dropLast().reduce(into: Set<PublicKey>()) { $0.formUnion(keys($1)) }
        let gone = try Set(keyring.publicKeys()).intersection(older).subtracting(keys(newest))
        guard !gone.isEmpty else { return }
        var settings = try ChannelSettings(in: directory)
        settings.retired.formUnion(gone)
        try settings.store(in: directory)
        for key in gone { try keyring.remove(key) }
    }
}
