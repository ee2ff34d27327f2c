import StrictJSON

/// The metadata of one update as they are, read but not verified.
struct CurrentMetadata {
    let envelopes: [Envelope]
    let versions: VersionLedger.Versions
    /// When the first of them ends.
    let expires: MetadataTime
    /// What targets say beside type, version and expiry: kept as it is.
    let targetsMembers: [(name: String, value: JSONValue)]
    let bundleMembers: [(name: String, value: JSONValue)]?

    /// Nil when a file is missing: such a folder is none that this server signed.
    init?(_ files: [String: [UInt8]]) throws(TUFError) {
        guard let targetsBytes = files[TopRole.targets.fileName], let snapshotBytes = files[TopRole.snapshot.fileName],
            let timestampBytes = files[TopRole.timestamp.fileName]
        else { return nil }
        let targets = try Envelope(parsing: targetsBytes, as: .targets)
        let snapshot = try Envelope(parsing: snapshotBytes, as: .snapshot)
        let timestamp = try Envelope(parsing: timestampBytes, as: .timestamp)
        var all = [targets, snapshot, timestamp]
        var bundle: Envelope?
        if let bytes = files[ChannelRepository.bundleFileName] {
            let envelope = try Envelope(parsing: bytes, as: .targets)
            all.append(envelope)
            bundle = envelope
        }
        var expires = MetadataTime(seconds: .max)
        var numbers: [Int64] = []
        for envelope in all {
            let common = try RoleHeader(envelope)
            expires = min(expires, common.expires)
            numbers.append(common.version)
        }
        envelopes = all
        self.expires = expires
        // The bundle's version counts as one of targets: the same keys sign it for the same role.
        versions = VersionLedger.Versions(
            targets: max(numbers[0], numbers.count > 3 ? numbers[3] : 0), snapshot: numbers[1], timestamp: numbers[2])
        targetsMembers = Self.others(targets)
        bundleMembers = bundle.map(Self.others)
    }

    private static func others(_ envelope: Envelope) -> [(name: String, value: JSONValue)] {
        (envelope.signed.value.members ?? []).filter { !["_type", "version", "expires", "spec_version"].contains($0.name) }
    }
}
