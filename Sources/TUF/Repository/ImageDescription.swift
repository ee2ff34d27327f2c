import StrictJSON

/// An image that an update brings: an OSTree commit for one kind of hardware, with its apps.
public struct ImageDescription: Sendable {
    /// The image's name without its version, such as `intel-corei7-64-lmp`.
    public let name: String
    /// The OSTree commit: 64 lower-case hexadecimal digits.
    public let commit: String
    public let hardwareID: String
    public let tags: [String]
    /// Such as `42`.
    public let version: String
    /// App name → `registry/factory/app@sha256:<hex>`.
    public let apps: [String: String]
    public let createdAt: MetadataTime
    /// Further members of `custom`.
    public let extras: [String: JSONValue]

    private static let ownMembers: Set<String> = [
        "targetFormat", "hardwareIds", "tags", "version", "name", "docker_compose_apps", "createdAt",
    ]

    public init(
        name: String, commit: String, hardwareID: String, tags: [String], version: String, apps: [String: String],
        createdAt: MetadataTime, extras: [String: JSONValue] = [:]
    ) throws(TUFError) {
        guard Hexadecimal.bytes(commit)?.count == 32, commit == commit.lowercased() else {
            throw TUFError(.targetInvalid, "\(quoted(commit)) is no OSTree commit; it has 64 lower-case hexadecimal digits")
        }
        for word in [name, hardwareID, version] + tags + apps.keys where !Self.isWord(word) {
            throw TUFError(
                .targetInvalid, "\(quoted(word)) is no name that devices take; use 1 to 128 letters, digits and . _ + - without .. ")
        }
        guard !tags.isEmpty, Set(tags).count == tags.count else {
            throw TUFError(.targetInvalid, "the image \(quoted(name)) needs at least one tag, and each only once")
        }
        for (app, uri) in apps where !Self.isPinned(uri) {
            throw TUFError(.targetInvalid, "the app \(quoted(app)) must be named by its digest, as REGISTRY/FACTORY/APP@sha256:HEX")
        }
        guard Self.ownMembers.isDisjoint(with: extras.keys) else {
            throw TUFError(.targetInvalid, "the image \(quoted(name)) gives a member of custom twice; leave it out of the extra ones")
        }
        self.name = name
        self.commit = commit
        self.hardwareID = hardwareID
        self.tags = tags
        self.version = version
        self.apps = apps
        self.createdAt = createdAt
        self.extras = extras
        try TargetName.check(targetName)
        try PortableText.check(document)
    }

    /// How the targets metadata name it.
    public var targetName: String { "\(name)-\(version)" }

    private static func isWord(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && !text.contains("..") && text != "."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func isPinned(_ uri: String) -> Bool {
        let parts = uri.split(separator: "@sha256:", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && Hexadecimal.bytes(parts[1])?.count == 32 && parts[1] == parts[1].lowercased()
    }

    /// The target's value in targets metadata, as aktualizr reads it.
    var document: JSONValue {
        let apps = apps.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONValue.object([("uri", .string($0.value))])) }
        let custom: [(name: String, value: JSONValue)] = [
            ("targetFormat", .string("OSTREE")), ("hardwareIds", .array([.string(hardwareID)])),
            ("tags", .array(tags.map { .string($0) })), ("version", .string(version)), ("name", .string(name)),
            ("docker_compose_apps", .object(apps)), ("createdAt", .string(createdAt.description)),
        ]
        let extras = extras.map { (name: $0.key, value: $0.value) }
        return .object([
            ("hashes", .object([("sha256", .string(commit))])), ("length", .integer(0)), ("custom", .object(custom + extras)),
        ])
    }
}
