import UpdateTree

extension LoopContext {
    /// Why an update that may not be served is not: it is not there, or it was not accepted.
    func refusal(of update: UpdateKey) -> Problem {
        services.updates.status(update.path)?.kind == .directory ? .updateNotVerified : .updateMissing
    }
}
