import Dispatch
import Synchronization

/// Collects jobs while the one before is being committed, so that many share one sync of the disk.
///
/// Jobs are committed in the order of their submission, by one thread at a time.
final class GroupCommit<Job: Sendable>: Sendable {
    private struct Waiting {
        var jobs: [Job] = []
        var isCommitting = false
    }

    private let waiting = Mutex(Waiting())
    private let queue: DispatchQueue
    private let commit: @Sendable ([Job]) -> Void

    init(label: String, commit: @escaping @Sendable ([Job]) -> Void) {
        queue = DispatchQueue(label: label)
        self.commit = commit
    }

    func submit(_ job: Job) {
        let mustStart = waiting.withLock { waiting in
            let wasIdle = !waiting.isCommitting
            waiting.jobs.append(job)
            waiting.isCommitting = true
            return wasIdle
        }
        if mustStart { queue.async { self.drain() } }
    }

    private func drain() {
        while true {
            let batch: [Job] = waiting.withLock { waiting in
                let jobs = waiting.jobs
                waiting.jobs = []
                if jobs.isEmpty { waiting.isCommitting = false }
                return jobs
            }
            if batch.isEmpty { return }
            commit(batch)
        }
    }
}
