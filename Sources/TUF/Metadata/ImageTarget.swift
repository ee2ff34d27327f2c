import StrictJSON

/// A target that is a device's image: an OSTree commit with what it is for and which apps belong to it.
public struct ImageTarget: Equatable, Sendable {
    public let name: String
    /// The OSTree commit's id, 64 lower-case hexadecimal digits.
    public let commit: String
    public let hardwareIDs: [String]
    public let tags: [String]
    public let version: String?
    /// App name → `registry/factory/app@sha256:<hex>`.
    public let apps: [String: String]

    public init(name: String, commit: String, hardwareIDs: [String], tags: [String], version: String?, apps: [String: String]) {
        self.name = name
        self.commit = commit
        self.hardwareIDs = hardwareIDs
        self.tags = tags
        self.version = version
        self.apps = apps
    }

    public init(_ target: TargetFile) throws(TUFError) {
        guard let sha256 = target.hashes.sha256 else {
            throw TUFError(.targetInvalid, "the target \(quoted(target.name)) has no sha256; it must be the OSTree commit")
        }
        let custom = target.custom
        var apps: [String: String] = [:]
        var seen = DistinctNames()
        for (app, description) in custom?["docker_compose_apps"]?.members ?? [] {
            guard let uri = description["uri"]?.string else {
                throw TUFError(.targetInvalid, "the app \(quoted(app)) has no uri")
            }
            try seen.insert(app)
            apps[app] = uri
        }
        self.init(
            name: target.name, commit: Hexadecimal.text(sha256), hardwareIDs: Self.texts(custom?["hardwareIds"]),
            tags: Self.texts(custom?["tags"]), version: custom?["version"]?.string, apps: apps)
    }

    private static func texts(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
}

extension TargetsMetadata {
    /// All targets as images.
    public func images() throws(TUFError) -> [ImageTarget] {
        var images: [ImageTarget] = []
        for file in try files() { images.append(try ImageTarget(file)) }
        return images
    }
}
