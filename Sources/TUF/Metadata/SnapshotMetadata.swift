import StrictJSON

/// Which version of every targets file is the newest.
public struct SnapshotMetadata: RoleMetadata, Equatable {
    public static let role = TopRole.snapshot
    static let mostFiles = 100_000
    static let longestName = 255

    public let common: RoleHeader
    /// By file name, such as `targets.json`.
    public let files: [String: FileDescription]

    public init(_ envelope: Envelope) throws(TUFError) {
        common = try RoleHeader(envelope)
        guard let members = envelope.signed["meta"]?.members else { throw TUFError(.memberMissing, "there is no member meta") }
        guard members.count <= Self.mostFiles else {
            throw TUFError(.memberInvalid, "snapshot names \(members.count) files, more than \(Self.mostFiles)")
        }
        var files: [String: FileDescription] = [:]
        var seen = DistinctNames()
        for (name, value) in members {
            guard (1...Self.longestName).contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw TUFError(.roleNameInvalid, "\(quoted(name)) is no name of a metadata file")
            }
            try seen.insert(name)
            files[name] = try FileDescription(value)
        }
        guard files["targets.json"] != nil else { throw TUFError(.memberMissing, "snapshot does not name targets.json") }
        self.files = files
    }

    /// The file of exactly these bytes as its name.
    public func file(named name: String) -> FileDescription? {
        guard let index = files.index(forKey: name), files[index].key.utf8.elementsEqual(name.utf8) else { return nil }
        return files[index].value
    }
}
