import DeviceAuth

extension RolloutOperations {
    /// In order of id, which is the order of their making.
    public func ids() throws -> [RolloutID] { try repository.ids() }

    public func list() throws -> [Rollout] { try repository.ids().map { try load($0) } }

    public func show(_ id: RolloutID) throws -> Rollout { try load(id) }

    /// The record, as the board knows it while the rollout is there.
    func load(_ id: RolloutID) throws -> Rollout {
        var rollout = try repository.load(id)
        board.look(at: id) { RolloutStanding($0.progress) }?.write(into: &rollout)
        return rollout
    }

    /// All devices that were listed, also those that take no part.
    public func devices(of id: RolloutID) throws -> [DeviceID] { try repository.devices(of: id) }

    /// How far a rollout is: from memory while it is under way, from its files otherwise.
    public func progress(of rollout: Rollout) throws -> RolloutProgress {
        try board.progress(of: rollout.id) ?? replayed(rollout)
    }

    /// Lines from an offset on, for a tail.
    public nonisolated func lines(of id: RolloutID, from offset: Int64, limit: Int) throws -> RolloutLines {
        try repository.lines(of: id, from: offset, limit: limit)
    }

    public nonisolated func notes(of id: RolloutID, limit: Int) throws -> [RolloutNote] { try repository.notes(of: id, limit: limit) }
}
