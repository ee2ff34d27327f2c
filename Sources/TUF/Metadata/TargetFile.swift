import StrictJSON

/// What targets metadata state of one file.
public struct TargetFile: Equatable, Sendable {
    public let name: String
    /// Bytes; 0 in the fio profile, where the digest is an OSTree commit's id.
    public let length: Int64
    public let hashes: Hashes
    /// What the repository says beyond the specification.
    public let custom: JSONValue?

    public init(name: String, length: Int64, hashes: Hashes, custom: JSONValue? = nil) {
        self.name = name
        self.length = length
        self.hashes = hashes
        self.custom = custom
    }

    init(name: String, _ value: JSONElement) throws(TUFError) {
        try TargetName.check(name)
        guard let length = value["length"]?.integer, length >= 0 else {
            throw TUFError(.targetInvalid, "the target \(quoted(name)) needs a length of 0 or more")
        }
        guard let hashes = value["hashes"] else { throw TUFError(.targetInvalid, "the target \(quoted(name)) has no hashes") }
        self.name = name
        self.length = length
        do {
            self.hashes = try Hashes(hashes)
        } catch {
            throw TUFError(.targetInvalid, "the target \(quoted(name)): \(error.message)")
        }
        custom = value["custom"]?.value
    }
}
