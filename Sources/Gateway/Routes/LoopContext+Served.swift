import UpdateTree

extension LoopContext {
    /// Whether an update may be served. Takes a lock only when something changed since the last question on this loop.
    func isServed(_ update: UpdateKey) -> Bool {
        let current = services.served
        if current.policy == .any { return true }
        // Read before the keys, so that a change in between is seen at the next request.
        let generation = current.generation
        if generation != served.generation { served = (generation, current.acceptedKeys) }
        return served.keys.contains(update)
    }

    /// Why an update that may not be served is not: it is not there, or it was not accepted.
    func refusal(of update: UpdateKey) -> Problem {
        services.updates.status(update.path)?.kind == .directory ? .updateNotVerified : .updateMissing
    }
}
