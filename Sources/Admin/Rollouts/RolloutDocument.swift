import Fleet

/// A rollout as the API shows it.
struct RolloutDocument: Encodable, Sendable {
    /// Why it stands still.
    struct Paused: Encodable, Sendable {
        /// `token …`, `local`, or `rule:…`.
        let by: String
        let reason: String
    }

    let id: String
    let isProd: Bool
    let tag: String
    let updateName: String
    let state: String
    let createdAt: Timestamp
    let createdBy: Nullable<String>
    let startedAt: Nullable<Timestamp>
    let plan: RolloutPlan
    /// The phase that opened last, 1 and up.
    let phase: Nullable<Int>
    let paused: Nullable<Paused>
    /// Devices that take no part; which ones is told by the rollout itself.
    let skippedCount: Int

    init(_ rollout: Rollout) {
        id = rollout.id.text
        isProd = rollout.update.channel.isProduction
        tag = rollout.update.tag.text
        updateName = rollout.update.name.text
        state = rollout.state.rawValue
        createdAt = Timestamp(rollout.createdAt)
        createdBy = Nullable(rollout.createdBy)
        startedAt = Nullable(rollout.startedAt.map(Timestamp.init))
        plan = rollout.plan
        phase = Nullable(rollout.phase)
        paused = Nullable(rollout.pause.map { Paused(by: $0.by, reason: $0.sentence) })
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
