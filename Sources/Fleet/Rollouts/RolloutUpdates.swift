import UpdateTree

/// What rollouts need to know of updates.
public struct RolloutUpdates: Sendable {
    let exists: @Sendable (UpdateKey) -> Bool
    /// Names of an update's targets; empty when they are not known.
    let targets: @Sendable (UpdateKey) -> Set<String>
    /// Makes an update ready for devices that may have seen newer ones. What it throws ends the operation.
    let prepare: @Sendable (UpdateKey) async throws -> Void

    public init(
        exists: @escaping @Sendable (UpdateKey) -> Bool, targets: @escaping @Sendable (UpdateKey) -> Set<String> = { _ in [] },
        prepare: @escaping @Sendable (UpdateKey) async throws -> Void = { _ in }
    ) {
        self.exists = exists
        self.targets = targets
        self.prepare = prepare
    }
}
