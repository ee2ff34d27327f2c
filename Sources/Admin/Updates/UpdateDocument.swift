import UpdateTree

/// An update as the API shows it.
struct UpdateDocument: Encodable, Sendable {
    struct Target: Encodable, Sendable {
        let name: String
        let version: Nullable<String>
        let ostreeHash: String
        let hardwareIds: [String]
        let tags: [String]
        /// App name → registry/factory/app@sha256:…
        let apps: [String: String]
    }

    let channel: String
    let tag: String
    let name: String
    let createdAt: Timestamp
    let targets: [Target]
    let apps: [String]
    /// Why a device could not use it.
    let problem: Nullable<String>
    let assignedDevices: Int
    /// Whether signatures and content were checked and accepted, as the update lies there now.
    let verified: Bool
    /// `accepted`, `refused` or `unchecked`.
    let verification: String

    init(_ update: Update, assignedDevices: Int) {
        channel = update.key.channel.rawValue
        tag = update.key.tag.text
        name = update.key.name.text
        createdAt = Timestamp(update.createdAt)
        targets = update.targets.map { target in
            Target(
                name: target.name, version: Nullable(target.version), ostreeHash: target.commit,
                hardwareIds: target.hardwareIDs, tags: target.tags, apps: target.apps)
        }
        apps = update.apps.map(\.text)
        problem = Nullable(update.problem)
        self.assignedDevices = assignedDevices
        verified = update.verification == .accepted
        verification = update.verification.rawValue
    }
}
