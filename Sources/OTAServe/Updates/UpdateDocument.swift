import Foundation
import UpdateTree

/// An update as commands print it in JSON.
struct UpdateDocument: Encodable {
    struct Target: Encodable {
        let name: String
        let version: String?
        let ostreeHash: String
        let hardwareIds: [String]
        let tags: [String]
        let apps: [String: String]
    }

    let channel: Channel
    let tag: Tag
    let name: UpdateName
    let createdAt: String
    let targets: [Target]
    let apps: [AppName]
    let problem: String?
    /// `accepted`, `refused` or `unchecked`.
    let verification: String
    let verified: Bool

    init(_ update: Update) {
        channel = update.key.channel
        tag = update.key.tag
        name = update.key.name
        createdAt = Date(timeIntervalSince1970: TimeInterval(update.createdAt)).formatted(.iso8601)
        targets = update.targets.map { target in
            Target(
                name: target.name, version: target.version, ostreeHash: target.commit, hardwareIds: target.hardwareIDs,
                tags: target.tags, apps: target.apps)
        }
        apps = update.apps
        problem = update.problem
        verification = update.verification.rawValue
        verified = update.verification == .accepted
    }
}
