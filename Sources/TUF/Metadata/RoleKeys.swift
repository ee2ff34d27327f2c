import StrictJSON

/// Which keys sign for a role, and how many of them must.
public struct RoleKeys: Equatable, Sendable {
    /// In the order of the file.
    public let keyIDs: [KeyID]
    public let threshold: Int
    /// The keys that can be used; ids of unknown keys or key types are missing.
    public let keys: [KeyID: PublicKey]

    public init(keyIDs: [KeyID], threshold: Int, keys: [KeyID: PublicKey]) {
        self.keyIDs = keyIDs
        self.threshold = threshold
        let named = Set(keyIDs)
        self.keys = keys.filter { named.contains($0.key) }
    }

    init(_ value: JSONElement, keys: [KeyID: PublicKey]) throws(TUFError) {
        guard let ids = value["keyids"]?.elements else { throw TUFError(.memberMissing, "a role needs keyids") }
        guard let threshold = value["threshold"]?.integer else { throw TUFError(.memberMissing, "a role needs a threshold") }
        guard (1...1024).contains(threshold) else {
            throw TUFError(.thresholdInvalid, "a threshold of \(threshold) is none; use 1 or more")
        }
        guard ids.count <= 1024 else { throw TUFError(.memberInvalid, "\(ids.count) keyids of one role are more than 1024") }
        var keyIDs: [KeyID] = []
        var seen = Set<KeyID>()
        for id in ids {
            let id = try KeyID(id.string ?? "")
            guard seen.insert(id).inserted else { throw TUFError(.keyIDRepeated, "a role names the key \(id) twice") }
            keyIDs.append(id)
        }
        self.init(keyIDs: keyIDs, threshold: Int(threshold), keys: keys)
    }

    /// Reads the member `keys` of root or of delegations.
    static func readKeys(_ value: JSONElement?, profile: Profile) throws(TUFError) -> [KeyID: PublicKey] {
        guard let members = value?.members else { throw TUFError(.memberMissing, "there is no member keys") }
        guard members.count <= 1024 else { throw TUFError(.memberInvalid, "\(members.count) keys are more than 1024") }
        var keys: [KeyID: PublicKey] = [:]
        for (name, value) in members {
            let id = try KeyID(name)
            keys[id] = try PublicKey.read(value, profile: profile)
        }
        return keys
    }
}
