import Fleet
import Logging
import ServiceLifecycle

/// Drives the rollouts: once a second by the clock, and at once when a device's news decide something.
struct RolloutService: Service {
    let rollouts: RolloutOperations
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await followNews() }
                group.addTask { try await followClock() }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func followNews() async {
        for await id in rollouts.board.due {
            do {
                try await rollouts.advance(id)
            } catch {
                warn(id, error)
            }
        }
    }

    private func followClock() async throws {
        while !Task.isCancelled {
            for failure in await rollouts.tick() { warn(failure.rollout, failure.error) }
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    private func warn(_ id: RolloutID, _ error: any Error) {
        logger.warning("rollout_not_advanced", metadata: ["rollout": "\(id)", "reason": "\(error)"])
    }
}
