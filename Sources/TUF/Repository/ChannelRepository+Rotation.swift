extension ChannelRepository {
    /// Gives a role other keys with a new root. The root is signed with all root keys that are here, of the old and the
    /// new one, unless `isUnsigned`; when that is not enough it waits in `pending/`.
    ///
    /// Throws `rootPending` while another root waits.
    @discardableResult
    public func rotate(
        _ role: TopRole, _ change: RoleChange, isUnsigned: Bool = false, now: MetadataTime
    ) throws(TUFError) -> RootOutcome {
        try ChannelLock.holding(directory) { () throws(TUFError) in
            let newest = try trust.newest()
            guard try pending.current(after: newest) == nil else {
                throw TUFError(
                    .rootPending,
                    "root \(newest.version + 1) waits for signatures; import them, or drop it with otaserve tuf rotate --discard")
            }
            let before = newest.metadata.keys(of: role)
            let (added, removed, threshold) = try keys(for: change, of: role, before)
            let lifetime = try ChannelSettings(in: directory).lifetimes
            var draft = try RootDraft(after: newest.envelope, expires: lifetime.expiry(of: .root, from: now))
            try draft.change(role, adding: added.map(\.publicKey), removing: removed, threshold: threshold)
            var fresh: [PrivateKey] = []
            for case .here(let key) in added { fresh.append(key) }
            try checkSigning(role, before: before, after: draft.roles[role], fresh: fresh)
            let rootKeys = Set(newest.metadata.keys(of: .root).keys.values).union(draft.roles[.root]?.keys.values.map(\.self) ?? [])
            let signers = isUnsigned ? [] : try keyring.open(rootKeys, with: secret) + fresh
            if !fresh.isEmpty { try keyring.check(secret) }
            for key in fresh { try keyring.store(key, under: secret) }
            return try put(draft, signedBy: signers, after: newest)
        }
    }

    private func keys(
        for change: RoleChange, of role: TopRole, _ before: RoleKeys
    ) throws(TUFError) -> (added: [RoleKey], removed: Set<PublicKey>, threshold: Int?) {
        switch change {
        case .replace(let algorithm):
            guard before.distinctKeys.count == 1 else {
                throw TUFError(
                    .thresholdInvalid,
                    "\(role.rawValue) has \(before.distinctKeys.count) keys; say with --add-key and --remove-key which ones change")
            }
            return ([.here(try PrivateKey.make(algorithm))], Set(before.distinctKeys), nil)
        case .edit(let algorithm, let adding, let ids, let threshold):
            var removed = Set<PublicKey>()
            for id in ids {
                guard let key = before.keys[id] else {
                    throw TUFError(.keyNotOfRole, "\(id) is no key of \(role.rawValue); otaserve tuf status lists them")
                }
                removed.insert(key)
            }
            let made = try algorithm.map { algorithm throws(TUFError) in RoleKey.here(try PrivateKey.make(algorithm)) }
            return (adding + [made].compactMap(\.self), removed, threshold)
        }
    }

    /// A change must not leave this server unable to sign what it signs today. Root may be signed elsewhere.
    private func checkSigning(_ role: TopRole, before: RoleKeys, after: RoleKeys?, fresh: [PrivateKey]) throws(TUFError) {
        guard role != .root, let after else { return }
        let held = try Set(keyring.publicKeys())
        guard held.intersection(before.keys.values).count >= before.threshold else { return }
        guard held.union(fresh.map(\.publicKey)).intersection(after.keys.values).count >= after.threshold else {
            throw TUFError(
                .keyMissing, "this server could no longer sign \(role.rawValue); give the new key's private half with --add-key")
        }
    }

    /// Adds signatures that were made elsewhere to the root that waits, and publishes it when they are enough.
    @discardableResult
    public func importSignatures(_ files: [[UInt8]]) throws(TUFError) -> RootOutcome {
        try ChannelLock.holding(directory) { () throws(TUFError) in
            let newest = try trust.roots().last
            guard var envelope = try pending.current(after: newest) else {
                throw TUFError(
                    .rootNotPending, "no root waits for signatures in \(directory.path); begin with otaserve tuf rotate --unsigned")
            }
            for file in files {
                let imported = try Envelope(parsing: file, as: .root)
                envelope = try Envelope(
                    parsing: RootSignatures.merge(imported, into: envelope, before: newest?.metadata), as: .root)
            }
            return try publishOrWait(envelope, after: newest)
        }
    }

    /// Drops the root that waits, and the keys that were made for it. Returns its version; nil when none waits.
    @discardableResult
    public func discardPending() throws(TUFError) -> Int64? {
        try ChannelLock.holding(directory) { () throws(TUFError) in
            let chain = try trust.roots()
            guard let envelope = try pending.current(after: chain.last) else { return nil }
            let root = try RootMetadata(envelope)
            let named = chain.reduce(into: Set<PublicKey>()) { $0.formUnion($1.metadata.roles.values.flatMap(\.keys.values)) }
            try pending.clear()
            let made = try Set(keyring.publicKeys()).intersection(root.roles.values.flatMap(\.keys.values)).subtracting(named)
            for key in made { try keyring.remove(key) }
            return root.version
        }
    }
}

extension KeyAlgorithm? {
    /// `Optional.map` rethrows untyped.
    fileprivate func map<Value>(_ transform: (KeyAlgorithm) throws(TUFError) -> Value) throws(TUFError) -> Value? {
        guard let self else { return nil }
        return try transform(self)
    }
}
