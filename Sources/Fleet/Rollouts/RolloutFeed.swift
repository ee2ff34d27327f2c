import Synchronization

/// Wakes those who follow a rollout. It carries no data: a listener reads the rollout's file from where it stands,
/// so one that is slow holds nothing back and loses nothing.
public final class RolloutFeed: Sendable {
    private struct Listeners {
        var nextNumber = 0
        var ofRollout: [RolloutID: [Int: AsyncStream<Void>.Continuation]] = [:]
    }

    private let listeners = Mutex(Listeners())

    /// Listeners over all rollouts; one more is refused.
    public static let mostListeners = 4096

    /// Elements tell that the rollout's file may have grown; several growths may be one element.
    /// Nil when there are too many listeners.
    public func listen(to rollout: RolloutID) -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number: Int? = listeners.withLock { listeners in
            guard listeners.ofRollout.values.reduce(0, { $0 + $1.count }) < Self.mostListeners else { return nil }
            listeners.nextNumber += 1
            listeners.ofRollout[rollout, default: [:]][listeners.nextNumber] = continuation
            return listeners.nextNumber
        }
        guard let number else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { listeners in
                listeners.ofRollout[rollout]?[number] = nil
                if listeners.ofRollout[rollout]?.isEmpty == true { listeners.ofRollout[rollout] = nil }
            }
        }
        return stream
    }

    func wake(_ rollout: RolloutID) {
        let woken = listeners.withLock { $0.ofRollout[rollout].map { Array($0.values) } ?? [] }
        for continuation in woken { continuation.yield() }
    }

    /// Ends every tail: for a graceful stop.
    public func finish() {
        let all = listeners.withLock { $0.ofRollout.values.flatMap { $0.values } }
        for continuation in all { continuation.finish() }
    }
}
