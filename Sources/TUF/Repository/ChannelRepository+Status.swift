extension ChannelRepository {
    /// When a root's end is near enough to be a problem: people must meet to sign the next one.
    private static let rootMargin = Duration.days(90)

    /// Needs no secret and writes nothing.
    public func status(now: MetadataTime) throws(TUFError) -> ChannelStatus {
        let chain = try trust.roots()
        let waiting = try pending.current(after: chain.last)
        let held = try Set(keyring.publicKeys())
        let ledger = chain.isEmpty && waiting == nil ? VersionLedger() : try VersionLedger(in: directory)
        let proposed = try waiting.map { envelope throws(TUFError) in try RootMetadata(envelope) }
        let root = chain.last?.metadata ?? proposed
        return ChannelStatus(
            firstRoot: chain.first?.version, newestRoot: chain.last?.version, rootExpires: chain.last?.metadata.expires.description,
            roles: root.map { Self.roles($0, held: held) } ?? [],
            pending: try waiting.map { envelope throws(TUFError) in try Self.pending(envelope, after: chain.last, directory.path) },
            targetsVersions: ledger.targets, snapshotVersion: ledger.snapshot, timestampVersion: ledger.timestamp,
            problems: problems(chain, isWaiting: waiting != nil, held: held, now: now))
    }

    private static func roles(_ root: RootMetadata, held: Set<PublicKey>) -> [ChannelStatus.Role] {
        TopRole.allCases.map { role in
            let keys = root.keys(of: role)
            return ChannelStatus.Role(
                role: role.rawValue, threshold: keys.threshold,
                keys: keys.keyIDs.map { id in
                    ChannelStatus.Key(
                        id: id.text, method: keys.keys[id]?.method.rawValue ?? "unknown", isHere: keys.keys[id].map(held.contains) ?? false)
                })
        }
    }

    private static func pending(
        _ envelope: Envelope, after newest: ChannelTrust.Root?, _ path: String
    ) throws(TUFError) -> ChannelStatus.Pending {
        let signatures = try RootSignatures(envelope, before: newest?.metadata)
        return ChannelStatus.Pending(
            version: signatures.version, file: "\(path)/\(PendingRoot.folderName)/\(RootFileName.text(signatures.version))",
            tallies: signatures.tallies.map { tally in
                ChannelStatus.Tally(
                    root: tally.version, threshold: tally.threshold, missing: tally.missing, signed: tally.signed.map(\.text),
                    unsigned: tally.unsigned.map(\.text))
            })
    }

    private func problems(_ chain: [ChannelTrust.Root], isWaiting: Bool, held: Set<PublicKey>, now: MetadataTime) -> [String] {
        guard let newest = chain.last else {
            return [
                isWaiting ? "the first root waits for signatures; nothing can be signed before" : "there is no root; run otaserve tuf init"
            ]
        }
        var problems: [String] = []
        if newest.metadata.expires <= now {
            problems.append("root \(newest.version) has expired: devices take no update; rotate root")
        } else if newest.metadata.expires <= now + Self.rootMargin {
            problems.append("root \(newest.version) expires on \(newest.metadata.expires); rotate root before")
        }
        for role in [TopRole.targets, .snapshot, .timestamp] {
            let keys = newest.metadata.keys(of: role)
            if held.intersection(keys.keys.values).count < keys.threshold {
                problems.append("\(role.rawValue) cannot be signed here: its private keys are elsewhere")
            }
        }
        if isWaiting { problems.append("root \(newest.version + 1) waits for signatures") }
        return problems
    }
}

extension Envelope? {
    /// `Optional.map` rethrows untyped.
    fileprivate func map<Value>(_ transform: (Envelope) throws(TUFError) -> Value) throws(TUFError) -> Value? {
        guard let self else { return nil }
        return try transform(self)
    }
}
