/// What `rollout.json` says of a rollout's progress: a copy of what its lines make of it.
struct RolloutStanding: Equatable, Sendable {
    let state: Rollout.State
    let pause: Pause?
    let phase: Int?
    let startedAt: Int64?
    let skipped: [Rollout.Skipped]
    let isSettled: Bool

    init(_ progress: RolloutProgress) {
        state = progress.state
        pause = progress.pause
        phase = progress.current?.number
        startedAt = progress.startedAt
        skipped = progress.skipped
        isSettled = progress.state.hasEnded && !progress.isUnsettled
    }

    func write(into rollout: inout Rollout) {
        rollout.state = state
        rollout.pause = pause
        rollout.phase = phase
        rollout.startedAt = startedAt ?? rollout.startedAt
        rollout.skipped = skipped
        rollout.isSettled = isSettled
    }
}
