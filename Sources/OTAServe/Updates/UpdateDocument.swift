import Foundation
import UpdateTree

/// An update as commands print it in JSON.
struct UpdateDocument: Encodable {
    struct Target: Encodable {
        let name: String
        let version: String?
        let ostreeCommit: String
        let hardwareIDs: [String]
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
    let verified = false

    init(_ update: Update) {
        channel = update.key.channel
        tag = update.key.tag
        name = update.key.name
        createdAt = Date(timeIntervalSince1970: TimeInterval(update.createdAt)).formatted(.iso8601)
        targets = update.targets.map { target in
            Target(
                name: target.name, version: target.version, ostreeCommit: target.sha256, hardwareIDs: target.hardwareIDs,
                tags: target.tags, apps: target.apps)
        }
        apps = update.apps
        problem = update.problem
    }
}
