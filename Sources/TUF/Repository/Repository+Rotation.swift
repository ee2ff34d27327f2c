import StrictJSON

extension Repository {
    /// Gives a role other keys. The new root is signed by the old and the new root keys; what the role signed before is
    /// signed anew, with higher versions. Returns the files to write, `N.root.json` among them.
    public mutating func rotate(
        _ role: TopRole, to newKeys: [PrivateKey], threshold: Int? = nil, now: MetadataTime
    ) throws(TUFError) -> [String: [UInt8]] {
        let envelope = try Envelope(parsing: rootBytes, as: .root)
        let before = try RootMetadata(envelope)
        var draft = try RootDraft(after: envelope, expires: lifetimes.expiry(of: .root, from: now))
        let wanted = Set(newKeys.map(\.publicKey))
        let gone = Set(before.keys(of: role).keys.values).subtracting(wanted)
        try draft.change(role, adding: newKeys.map(\.publicKey), removing: gone, threshold: threshold)
        var next = self
        next.keys[role] = newKeys
        let signers = (keys[.root] ?? []) + (role == .root ? newKeys : [])
        var written = try next.adopt(draft, signedBy: signers, before: before)
        if !versions.isEmpty { written.merge(try next.refresh(now: now)) { $1 } }
        self = next
        return written
    }

    @discardableResult
    mutating func adopt(_ draft: RootDraft, signedBy keys: [PrivateKey], before: RootMetadata?) throws(TUFError) -> [String: [UInt8]] {
        let unsigned = try MetadataWriter.file(draft.signed(), signatures: [], profile: profile)
        let bytes = try RootSignatures.add(keys, to: Envelope(parsing: unsigned, as: .root), before: before)
        let envelope = try Envelope(parsing: bytes, as: .root)
        try envelope.verify(by: RootMetadata(envelope).keys(of: .root))
        if let before { try envelope.verify(by: before.keys(of: .root)) }
        rootBytes = bytes
        let name = "\(draft.version).root.json"
        files[name] = bytes
        return [name: bytes]
    }

    /// Takes up a repository from its published files and its keys.
    public init(
        resuming files: [String: [UInt8]], keys: [TopRole: [PrivateKey]], lifetimes: Lifetimes = .usual
    ) throws(TUFError) {
        let newest = files.keys.compactMap(RootFileName.version).max()
        guard let newest, let rootBytes = files[RootFileName.text(newest)] else {
            throw TUFError(.rootMissing, "there is no N.root.json among the files")
        }
        let root = try RootMetadata(parsing: rootBytes)
        guard let timestampBytes = files[TopRole.timestamp.fileName] else {
            throw TUFError(.repositoryInvalid, "there is no timestamp.json among the files")
        }
        func file(_ role: TopRole, _ version: Int64) throws(TUFError) -> [UInt8] {
            let name = root.hasConsistentSnapshots ? "\(version).\(role.fileName)" : role.fileName
            guard let bytes = files[name] else { throw TUFError(.repositoryInvalid, "there is no \(name) among the files") }
            try Envelope(parsing: bytes, as: role).verify(by: root.keys(of: role))
            return bytes
        }
        try Envelope(parsing: timestampBytes, as: .timestamp).verify(by: root.keys(of: .timestamp))
        let timestamp = try TimestampMetadata(parsing: timestampBytes)
        let snapshot = try SnapshotMetadata(parsing: file(.snapshot, timestamp.snapshot.version))
        guard let described = snapshot.files[TopRole.targets.fileName] else {
            throw TUFError(.repositoryInvalid, "the snapshot names no targets.json")
        }
        let targets = try TargetsMetadata(parsing: file(.targets, described.version))
        profile = root.profile
        self.lifetimes = lifetimes
        self.files = files
        self.keys = keys
        self.rootBytes = rootBytes
        versions = [.targets: targets.version, .snapshot: snapshot.version, .timestamp: timestamp.version]
        hasUnpublishedTargets = false
        for target in try targets.files() { self.targets[target.name] = target }
    }
}
