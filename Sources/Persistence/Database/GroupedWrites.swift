import GRDB

/// Writes to the database. Those that wait at the same time share one transaction and one sync of the disk.
final class GroupedWrites: Sendable {
    private struct Job: Sendable {
        let body: @Sendable (GRDB.Database) throws -> Void
        let done: @Sendable (Result<Void, any Error>) -> Void
    }

    private let group: GroupCommit<Job>

    init(_ queue: DatabaseQueue, label: String) {
        group = GroupCommit(label: label) { jobs in Self.commit(jobs, to: queue) }
    }

    /// Returns when what `body` wrote is on the disk.
    func write(_ body: @escaping @Sendable (GRDB.Database) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            group.submit(Job(body: body, done: { continuation.resume(with: $0) }))
        }
    }

    private static func commit(_ jobs: [Job], to queue: DatabaseQueue) {
        do {
            let outcomes = try queue.write { db in try jobs.map { try attempt($0, in: db) } }
            for (job, outcome) in zip(jobs, outcomes) { job.done(outcome) }
        } catch {
            for job in jobs { job.done(.failure(storageError(error))) }
        }
    }

    /// A savepoint each: a job that fails takes nothing of its neighbours with it.
    /// SQLite gives up the whole transaction when the disk is full; then all of them fail, and this throws.
    private static func attempt(_ job: Job, in db: GRDB.Database) throws -> Result<Void, any Error> {
        do {
            try db.inSavepoint {
                try job.body(db)
                return .commit
            }
            return .success(())
        } catch {
            guard db.isInsideTransaction else { throw error }
            return .failure(storageError(error))
        }
    }

    private static func storageError(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        return error.resultCode == .SQLITE_FULL
            ? PersistenceError(.storageFull, "the disk of db.sqlite is full; free some space")
            : PersistenceError(.storage, "db.sqlite refused a write: \(error.resultCode) \(error.message ?? "")")
    }
}
