import StrictJSON

extension ChannelRepository {
    private static let channels: Set<String> = ["ci", "prod"]

    /// Signs what an update's `tuf/` must hold.
    ///
    /// The versions are the next ones of the channel, on the disk before anything is signed: they rise also when updates
    /// are deleted, and an older image comes back as a new version. Every image must carry `tag`.
    public func signUpdate(
        images: [ImageDescription], tag: String, channel: String, bundle: Bool, now: MetadataTime
    ) throws(TUFError) -> SignedUpdate {
        guard Self.channels.contains(channel) else {
            throw TUFError(.targetInvalid, "\(quoted(channel)) is no channel; use ci or prod")
        }
        guard !images.isEmpty, Set(images.map(\.targetName)).count == images.count else {
            throw TUFError(.targetInvalid, "an update needs at least one image, and each name and version only once")
        }
        for image in images where !image.tags.contains(tag) {
            throw TUFError(.targetInvalid, "the image \(image.targetName) does not carry the tag \(quoted(tag)); devices would not take it")
        }
        let targets = images.sorted { $0.targetName < $1.targetName }.map { (name: $0.targetName, value: $0.document) }
        let offline = JSONValue.object([
            ("type", .string(channel)), ("tag", .string(tag)), ("targets", .array(targets.map { .string($0.name) })),
        ])
        return try ChannelLock.holding(directory) { () throws(TUFError) in
            try sign(
                targets: [("targets", .object(targets))], bundle: bundle ? [("x-fio-offline-bundle", offline)] : nil, tag: tag,
                above: nil, now: now)
        }
    }

    /// For callers that hold the lock.
    func sign(
        targets: [(name: String, value: JSONValue)], bundle: [(name: String, value: JSONValue)]?, tag: String,
        above seen: VersionLedger.Versions?, now: MetadataTime
    ) throws(TUFError) -> SignedUpdate {
        let chain = try trust.roots()
        guard let newest = chain.last else { throw trust.absent }
        let roles = try onlineRoles(newest.metadata, now: now)
        let versions = try reserve(tag: tag, above: seen)
        var files: [String: [UInt8]] = [:]
        for root in chain { files[root.fileName] = root.bytes }
        let targetsFile = try roles.targets(version: versions.targets, targets)
        _ = try TargetsMetadata(parsing: targetsFile)
        let snapshot = try roles.snapshot(version: versions.snapshot, targets: targetsFile, targetsVersion: versions.targets)
        files[TopRole.targets.fileName] = targetsFile
        files[TopRole.snapshot.fileName] = snapshot
        files[TopRole.timestamp.fileName] = try roles.timestamp(
            version: versions.timestamp, snapshot: snapshot, snapshotVersion: versions.snapshot)
        if let bundle { files[Self.bundleFileName] = try roles.targets(version: versions.targets, bundle) }
        let ends = [TopRole.targets, .snapshot, .timestamp].map { roles.lifetimes.expiry(of: $0, from: now) }
        return SignedUpdate(
            files: files, targetsVersion: versions.targets, snapshotVersion: versions.snapshot, timestampVersion: versions.timestamp,
            expires: ends.min() ?? now)
    }

    static let bundleFileName = "bundle-targets.json"

    /// Takes the next versions. What is taken is never given out again, whatever happens afterwards.
    func reserve(tag: String, above seen: VersionLedger.Versions?) throws(TUFError) -> VersionLedger.Versions {
        var ledger = try VersionLedger(in: directory)
        if let seen { ledger.raise(to: seen, tag: tag) }
        let versions = try ledger.take(tag: tag)
        try ledger.store(in: directory)
        return versions
    }
}
