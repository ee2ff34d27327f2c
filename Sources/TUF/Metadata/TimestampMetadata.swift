import StrictJSON

/// Which snapshot is the newest.
public struct TimestampMetadata: RoleMetadata, Equatable {
    public static let role = TopRole.timestamp

    public let common: RoleHeader
    public let snapshot: FileDescription

    public init(_ envelope: Envelope) throws(TUFError) {
        common = try RoleHeader(envelope)
        guard let value = envelope.signed["meta"]?["snapshot.json"] else {
            throw TUFError(.memberMissing, "timestamp does not name snapshot.json")
        }
        snapshot = try FileDescription(value)
        // aktualizr refuses a snapshot of which one of the three is unknown.
        if envelope.profile == .fio, snapshot.hashes == nil || snapshot.length == nil {
            throw TUFError(.memberMissing, "devices need length and hashes of snapshot.json in timestamp")
        }
    }
}
