/// The part of a `targets.json` that says which images there are, in either wire profile.
///
/// Reading does not verify signatures.
public struct TargetsMetadata: Equatable, Sendable {
    public let version: Int64
    /// `YYYY-MM-DDTHH:MM:SSZ`.
    public let expires: String
    public let targets: [Target]

    /// One image.
    public struct Target: Equatable, Sendable {
        public let name: String
        /// In the `fio` profile the OSTree commit id, 64 hexadecimal digits.
        public let sha256: String
        public let hardwareIDs: [String]
        public let tags: [String]
        public let version: String?
        /// App name → `registry/factory/app@sha256:<hex>`.
        public let apps: [String: String]
    }

    /// Reads the bytes of `targets.json`.
    public init(parsing bytes: [UInt8]) throws(TUFError) {
        let document = try StrictJSONReader.read(bytes)
        guard let signatures = document["signatures"]?.array, !signatures.isEmpty else {
            throw TUFError(.memberMissing, "there are no signatures")
        }
        guard let signed = document["signed"] else { throw TUFError(.memberMissing, "there is no member signed") }
        guard let type = signed["_type"]?.string else { throw TUFError(.memberMissing, "there is no member _type") }
        // `Targets` in the fio profile, `targets` in the standard one.
        guard type == "Targets" || type == "targets" else {
            throw TUFError(.wrongRole, "_type is \(type.prefix(40).debugDescription), not targets")
        }
        guard let version = signed["version"]?.integer, version >= 1 else {
            throw TUFError(.memberInvalid, "version must be an integer of 1 or more")
        }
        guard let expires = signed["expires"]?.string, Self.isTime(expires) else {
            throw TUFError(.memberInvalid, "expires must be YYYY-MM-DDTHH:MM:SSZ")
        }
        guard let members = signed["targets"]?.members else {
            throw TUFError(.memberMissing, "there is no member targets")
        }
        self.version = version
        self.expires = expires
        var targets: [Target] = []
        for (name, value) in members { targets.append(try Target(name: name, value)) }
        self.targets = targets
    }

    /// Whether `text` has the only form that every client reads: `YYYY-MM-DDTHH:MM:SSZ`.
    private static func isTime(_ text: String) -> Bool {
        let form = "0000-00-00T00:00:00Z".utf8
        guard text.utf8.count == form.count else { return false }
        return zip(text.utf8, form).allSatisfy { byte, sample in
            sample == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == sample
        }
    }
}

extension TargetsMetadata.Target {
    init(name: String, _ value: JSONValue) throws(TUFError) {
        guard let sha256 = value["hashes"]?["sha256"]?.string, sha256.utf8.count == 64,
            sha256.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else {
            throw TUFError(.memberInvalid, "the target \(name.prefix(80).debugDescription) has no sha256 of 64 hex digits")
        }
        // Clients make file names of it.
        guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }),
            !name.split(separator: "/").contains("..")
        else {
            throw TUFError(.memberInvalid, "\(name.prefix(80).debugDescription) is no name of a target")
        }
        let custom = value["custom"]
        var apps: [String: String] = [:]
        for (app, description) in custom?["docker_compose_apps"]?.members ?? [] {
            guard let uri = description["uri"]?.string else {
                throw TUFError(.memberInvalid, "the app \(app.prefix(80).debugDescription) has no uri")
            }
            // Dictionaries compare by Unicode equivalence, metadata by bytes: no app may hide another one.
            guard apps.updateValue(uri, forKey: app) == nil else {
                throw TUFError(.duplicateMember, "the app \(app.prefix(80).debugDescription) stands twice")
            }
        }
        self.init(
            name: name, sha256: sha256,
            hardwareIDs: try Self.texts(custom?["hardwareIds"], "hardwareIds"),
            tags: try Self.texts(custom?["tags"], "tags"),
            version: custom?["version"]?.string, apps: apps)
    }

    private static func texts(_ value: JSONValue?, _ member: String) throws(TUFError) -> [String] {
        guard let value else { return [] }
        guard let elements = value.array else { throw TUFError(.memberInvalid, "\(member) is not an array") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw TUFError(.memberInvalid, "\(member) holds more than texts") }
            texts.append(text)
        }
        return texts
    }
}
