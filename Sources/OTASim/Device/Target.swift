import Foundation

/// What a device runs, or may run: one target of `targets.json`.
struct Target: Equatable, Sendable {
    let name: String
    let version: Int
    /// The OSTree commit.
    let hash: String
    var apps: [String] = []

    private struct Metadata: Decodable {
        struct Signed: Decodable { let targets: [String: Entry] }
        struct Entry: Decodable {
            let hashes: [String: String]
            let custom: Custom
        }
        struct Custom: Decodable {
            let hardwareIds: [String]?
            let tags: [String]?
            let version: String?
            let docker_compose_apps: [String: App]?
        }
        struct App: Decodable {}
        let signed: Signed
    }

    /// The highest version for a tag and a hardware id, as aktualizr-lite chooses; nil when there is none.
    static func best(in document: Data, tag: String, hardware: String) throws -> Target? {
        let targets = try JSONDecoder().decode(Metadata.self, from: document).signed.targets
        return targets.compactMap { name, entry -> Target? in
            guard entry.custom.hardwareIds == [hardware], entry.custom.tags?.contains(tag) == true,
                let version = entry.custom.version.flatMap({ Int($0) }), let hash = entry.hashes["sha256"]
            else { return nil }
            return Target(name: name, version: version, hash: hash, apps: (entry.custom.docker_compose_apps ?? [:]).keys.sorted())
        }.max { $0.version < $1.version }
    }
}
