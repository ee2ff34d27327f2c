/// What a timestamp file did.
public enum TimestampChange: Sendable {
    /// It is newer than what was stored, or the first: keep its bytes.
    case new
    /// It has the version of the stored one, which stays: the bytes that came are worth nothing.
    case unchanged
}

extension TrustedMetadata {
    /// Takes the timestamp that a former run stored, for comparison. Does nothing after a change of keys.
    ///
    /// One that is refused is as good as absent: nothing changes, and the run goes on.
    public mutating func loadStoredTimestamp(_ bytes: [UInt8]) throws(TUFError) {
        guard areRootsFinished, timestamp == nil else { throw Self.outOfOrder("a stored timestamp now") }
        guard !isRecovering else { return }
        timestamp = try verifiedTimestamp(bytes)
    }

    /// Takes the timestamp that the repository has now.
    public mutating func updateTimestamp(_ bytes: [UInt8]) throws(TUFError) -> TimestampChange {
        guard areRootsFinished else { throw Self.outOfOrder("timestamp before the last root") }
        guard snapshot == nil else { throw Self.outOfOrder("timestamp after snapshot") }
        let new = try verifiedTimestamp(bytes)
        if let stored = timestamp {
            guard new.version >= stored.version else {
                throw TUFError(.rollback, "timestamp went back from version \(stored.version) to \(new.version)")
            }
            if new.version == stored.version {
                try refuseExpired(stored, "timestamp")
                return .unchanged
            }
            guard new.snapshot.version >= stored.snapshot.version else {
                throw TUFError(
                    .rollback, "timestamp names snapshot \(new.snapshot.version) after it named \(stored.snapshot.version)")
            }
        }
        try refuseExpired(new, "timestamp")
        timestamp = new
        return .new
    }

    private func verifiedTimestamp(_ bytes: [UInt8]) throws(TUFError) -> TimestampMetadata {
        let envelope = try envelope(bytes, as: .timestamp)
        let new = try TimestampMetadata(envelope)
        try envelope.verify(by: root.keys(of: .timestamp))
        return new
    }
}
