/// The file of a delegated role: it is the one that snapshot names; who may sign it depends on who delegates.
struct DelegatedMetadata: Sendable {
    let envelope: Envelope
    let metadata: TargetsMetadata
}

extension TrustedMetadata {
    /// Takes the targets that snapshot names, from the store or from the repository.
    public mutating func updateTargets(_ bytes: [UInt8]) throws(TUFError) {
        let (envelope, new) = try listedTargets(bytes, file: TopRole.targets.fileName, "targets")
        try envelope.verify(by: root.keys(of: .targets))
        try refuseExpired(new, "targets")
        targets = new
    }

    /// Takes the file of a delegated role; `role` is the delegation by which it was reached.
    @discardableResult
    public mutating func updateDelegated(_ bytes: [UInt8], as role: Delegations.Role) throws(TUFError) -> TargetsMetadata {
        guard targets != nil else { throw Self.outOfOrder("a delegated role before targets") }
        let name = "the role \(quoted(role.name.text))"
        let (envelope, new) = try listedTargets(bytes, file: role.name.metaName, name)
        try envelope.verify(by: role.keys)
        try refuseExpired(new, name)
        delegated[role.name] = DelegatedMetadata(envelope: envelope, metadata: new)
        return new
    }

    /// The delegated role that this run already has, verified by the keys of this delegation; nil when it has none.
    ///
    /// Two delegators may name one role with different keys: each of them decides for itself.
    public func delegated(_ role: Delegations.Role) throws(TUFError) -> TargetsMetadata? {
        guard let known = delegated[role.name] else { return nil }
        try known.envelope.verify(by: role.keys)
        return known.metadata
    }

    /// What snapshot states of the file `name`, such as `targets.json`.
    public func description(of name: String) throws(TUFError) -> FileDescription {
        guard let snapshot else { throw Self.outOfOrder("targets before snapshot") }
        guard let description = snapshot.file(named: name) else {
            throw TUFError(.roleUnlisted, "snapshot does not name \(quoted(name))")
        }
        return description
    }

    private func listedTargets(_ bytes: [UInt8], file: String, _ name: String) throws(TUFError) -> (Envelope, TargetsMetadata) {
        let description = try description(of: file)
        let envelope = try envelope(bytes, as: .targets, described: description)
        let new = try TargetsMetadata(envelope)
        guard new.version == description.version else {
            throw TUFError(.versionMismatch, "\(name) has the version \(new.version), snapshot names \(description.version)")
        }
        return (envelope, new)
    }
}
