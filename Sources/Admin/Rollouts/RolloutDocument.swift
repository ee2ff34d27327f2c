import Fleet

/// A rollout as the API shows it.
struct RolloutDocument: Encodable, Sendable {
    let id: String
    let isProd: Bool
    let tag: String
    let updateName: String
    let state: String
    let createdAt: Timestamp
    let startedAt: Nullable<Timestamp>
    /// Devices that could not be assigned; which ones is told by the rollout itself.
    let skippedCount: Int

    init(_ rollout: Rollout) {
        id = rollout.id.text
        isProd = rollout.update.channel.isProduction
        tag = rollout.update.tag.text
        updateName = rollout.update.name.text
        state = rollout.state.rawValue
        createdAt = Timestamp(rollout.createdAt)
        startedAt = Nullable(rollout.startedAt.map(Timestamp.init))
        skippedCount = rollout.skipped.count
    }
}

/// A rollout that was started.
struct StartedRolloutDocument: Encodable, Sendable {
    private enum Member: CodingKey {
        case assigned, skipped
    }

    let rollout: RolloutDocument
    /// Devices that have the update assigned.
    let assigned: Int
    let skipped: [Rollout.Skipped]

    func encode(to encoder: any Encoder) throws {
        try rollout.encode(to: encoder)
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(assigned, forKey: .assigned)
        try container.encode(skipped, forKey: .skipped)
    }
}
