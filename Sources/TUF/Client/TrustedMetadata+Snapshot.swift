extension TrustedMetadata {
    /// Takes the snapshot that timestamp names.
    ///
    /// With `isTrusted` the bytes come from the local store: verified by their signatures, they bar the way back, and
    /// when they also are what timestamp names, ``snapshot`` is set and nothing need be fetched. Stored bytes that are
    /// refused are as good as absent.
    public mutating func updateSnapshot(_ bytes: [UInt8], isTrusted: Bool = false) throws(TUFError) {
        guard let timestamp else { throw Self.outOfOrder("snapshot before timestamp") }
        guard targets == nil else { throw Self.outOfOrder("snapshot after targets") }
        // A stored timestamp that no newer one replaced may have expired.
        try refuseExpired(timestamp, "timestamp")
        if isTrusted {
            try loadStoredSnapshot(bytes, timestamp.snapshot)
        } else {
            let description = timestamp.snapshot
            let envelope = try envelope(bytes, as: .snapshot, described: description)
            let new = try SnapshotMetadata(envelope)
            try envelope.verify(by: root.keys(of: .snapshot))
            try checkFinal(new, description)
            snapshot = new
        }
    }

    private mutating func loadStoredSnapshot(_ bytes: [UInt8], _ description: FileDescription) throws(TUFError) {
        guard !isRecovering else { return }
        let envelope = try envelope(bytes, as: .snapshot)
        let stored = try SnapshotMetadata(envelope)
        try envelope.verify(by: root.keys(of: .snapshot))
        storedSnapshot = stored
        // Of the right version but with other bytes it is not the one that timestamp means.
        guard description.describes(envelope), (try? checkFinal(stored, description)) != nil else { return }
        snapshot = stored
    }

    private func checkFinal(_ new: SnapshotMetadata, _ description: FileDescription) throws(TUFError) {
        guard new.version == description.version else {
            throw TUFError(
                .versionMismatch, "snapshot has the version \(new.version), timestamp names \(description.version)")
        }
        for (name, old) in storedSnapshot?.files ?? [:] {
            guard let file = new.file(named: name) else { throw TUFError(.roleVanished, "snapshot names \(quoted(name)) no more") }
            guard file.version >= old.version else {
                throw TUFError(.rollback, "snapshot names \(quoted(name)) in version \(file.version) after \(old.version)")
            }
        }
        try refuseExpired(new, "snapshot")
    }

    /// Reads a file after its length and hashes were found to be those of `description`.
    ///
    /// The fio profile hashes what the file holds rather than its bytes, so there a file in another form is read first.
    func envelope(_ bytes: [UInt8], as role: TopRole, described description: FileDescription) throws(TUFError) -> Envelope {
        if root.profile == .fio {
            let envelope = try envelope(bytes, as: role)
            try description.check(length: bytes.count, bytes: envelope.hashed, role.rawValue)
            return envelope
        }
        try description.check(length: bytes.count, bytes: bytes, role.rawValue)
        return try envelope(bytes, as: role)
    }
}

extension FileDescription {
    func check(length: Int, bytes: [UInt8], _ name: String) throws(TUFError) {
        if let listed = self.length, listed != length, listed != bytes.count {
            throw TUFError(.lengthMismatch, "\(name) has \(length) bytes, not the \(listed) that are listed")
        }
        if let hashes, !hashes.match(bytes) {
            throw TUFError(.hashMismatch, "\(name) has other bytes than those whose hash is listed")
        }
    }

    func describes(_ envelope: Envelope) -> Bool {
        (try? check(length: envelope.bytes.count, bytes: envelope.hashed, "")) != nil
    }
}
