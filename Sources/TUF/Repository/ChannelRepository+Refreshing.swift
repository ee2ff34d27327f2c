import StrictJSON

/// An update's metadata on their way to a refresh.
public struct RefreshableUpdate: Sendable {
    /// The caller's name for it, such as `ci/main/42`.
    public let name: String
    public let tag: String
    /// The content of its `tuf/` by file name.
    public let files: [String: [UInt8]]

    public init(name: String, tag: String, files: [String: [UInt8]]) {
        self.name = name
        self.tag = tag
        self.files = files
    }
}

extension ChannelRepository {
    /// Signs an update's metadata anew, with higher versions and all roots of the chain. Nil when nothing is due, and for
    /// metadata that others signed: those are never touched.
    ///
    /// Due is what ends within the margin, what the newest root's keys did not sign, and what lacks a root.
    ///
    /// A refreshed update is newer than all others of the channel: use ``refreshAll(_:now:ifExpiringWithin:)`` where there
    /// are several, so that their order stays.
    public func refresh(
        _ files: [String: [UInt8]], tag: String, now: MetadataTime, ifExpiringWithin margin: Duration = Lifetimes.refreshMargin
    ) throws(TUFError) -> [String: [UInt8]]? {
        try ChannelLock.holding(directory) { () throws(TUFError) in
            guard let current = try examine(files), try isDue(current, files, now: now, margin) else { return nil }
            return try renew(current, tag: tag, now: now)
        }
    }

    /// Refreshes the first update that is due and all that were signed after it, in the order in which they were signed.
    /// Returns the new files by the updates' names; those that are not named stay.
    ///
    /// A device moves from update to update, and takes none whose versions are lower than what it has seen: were only the
    /// oldest one renewed, no device could leave it for a newer one.
    public func refreshAll(
        _ updates: [RefreshableUpdate], now: MetadataTime, ifExpiringWithin margin: Duration = Lifetimes.refreshMargin
    ) throws(TUFError) -> [(name: String, files: [String: [UInt8]])] {
        try ChannelLock.holding(directory) { () throws(TUFError) in
            var own: [(update: RefreshableUpdate, current: CurrentMetadata)] = []
            for update in updates {
                do throws(TUFError) {
                    if let current = try examine(update.files) { own.append((update, current)) }
                } catch {
                    throw TUFError(error.code, "\(update.name): \(error.message)")
                }
            }
            own.sort { ($0.current.versions.timestamp, $0.update.name) < ($1.current.versions.timestamp, $1.update.name) }
            var renewed: [(name: String, files: [String: [UInt8]])] = []
            for (update, current) in own {
                if renewed.isEmpty {
                    guard try isDue(current, update.files, now: now, margin) else { continue }
                }
                renewed.append((update.name, try renew(current, tag: update.tag, now: now)))
            }
            return renewed
        }
    }

    /// Takes note of versions that devices may have seen in metadata that others signed under this chain, so that what is
    /// signed here is newer. Without a tag, for every tag. Metadata that the chain does not accept are not noted.
    public func observe(_ files: [String: [UInt8]], tag: String?) throws(TUFError) {
        try ChannelLock.holding(directory) { () throws(TUFError) in
            guard let current = try CurrentMetadata(files) else { return }
            let chain = try trust.roots()
            let isAccepted = current.envelopes.allSatisfy { envelope in
                chain.contains { root in
                    let keys = root.metadata.keys(of: envelope.role)
                    return envelope.validSigners(among: keys).count >= keys.threshold
                }
            }
            guard isAccepted else { return }
            var ledger = try VersionLedger(in: directory)
            ledger.raise(to: current.versions, tag: tag)
            try ledger.store(in: directory)
        }
    }

    /// Nil for metadata that are not ours.
    private func examine(_ files: [String: [UInt8]]) throws(TUFError) -> CurrentMetadata? {
        guard let current = try CurrentMetadata(files) else { return nil }
        let own = try Set(keyring.publicKeys()).union(ChannelSettings(in: directory).retired)
        let chain = try trust.roots()
        return current.envelopes.allSatisfy { isOurs($0, own: own, chain: chain) } ? current : nil
    }

    private func isDue(
        _ current: CurrentMetadata, _ files: [String: [UInt8]], now: MetadataTime, _ margin: Duration
    ) throws(TUFError) -> Bool {
        if current.expires <= now + margin { return true }
        let chain = try trust.roots()
        guard let newest = chain.last else { return false }
        if chain.contains(where: { files[$0.fileName] != $0.bytes }) { return true }
        return current.envelopes.contains { envelope in
            let keys = newest.metadata.keys(of: envelope.role)
            return envelope.validSigners(among: keys).count < keys.threshold
        }
    }

    private func renew(_ current: CurrentMetadata, tag: String, now: MetadataTime) throws(TUFError) -> [String: [UInt8]] {
        try sign(targets: current.targetsMembers, bundle: current.bundleMembers, tag: tag, above: current.versions, now: now).files
    }
}
