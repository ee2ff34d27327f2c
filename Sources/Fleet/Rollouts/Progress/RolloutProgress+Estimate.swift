extension RolloutProgress {
    /// When the rollout would end if devices went on as they did so far, and later phases opened as soon as they may.
    /// Nil while too little is known: until a twentieth of the devices, and at least one, have come to their end.
    public func estimatedEnd(at now: Int64) -> Int64? {
        guard state == .running, let startedAt, now > startedAt else { return nil }
        let all = counts.total - counts.left
        let done = counts[.succeeded] + counts.failures
        guard done > 0, done * 20 >= all, done < all else { return nil }
        // Soak times are waited for whatever the pace.
        let soaked = phases.filter { $0.openedAt != nil && $0.number < (current?.number ?? 0) }.reduce(0) {
            $0 + ($1.plan.soak?.seconds ?? 0)
        }
        let ahead = phases.filter { $0.number >= (current?.number ?? 0) && $0.number < phases.count }
            .reduce(0) { $0 + ($1.plan.soak?.seconds ?? 0) }
        let moved = max(1, now - startedAt - soaked)
        return now + moved * Int64(all - done) / Int64(done) + ahead
    }
}
