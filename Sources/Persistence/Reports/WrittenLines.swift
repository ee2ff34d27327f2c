import Fleet
import Synchronization

/// Lines of rollouts that one record of the journal holds, told to the board when the record is in the files.
final class WrittenLines: Sendable {
    private let lines = Mutex<[(rollout: RolloutID, lines: [RolloutLine])]>([])

    func add(_ new: [RolloutLine], in rollout: RolloutID) { lines.withLock { $0.append((rollout, new)) } }

    func tell(_ board: RolloutBoard) {
        for entry in lines.withLock({ $0 }) { board.stored(entry.lines, in: entry.rollout) }
    }
}
