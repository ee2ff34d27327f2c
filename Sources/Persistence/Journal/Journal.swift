import Dispatch
import FileTree

/// Makes many small writes durable with one sync.
///
/// What a request changes is first appended to one log file and synced, many requests at a time; then it is done to
/// the files themselves, and then the request is answered. After a crash the log is done again: every change is one
/// that may be repeated. When the log has grown, the file system is synced and the log begins anew.
///
/// A change that cannot be done to the files, because the disk is full or broken, stays in the log. Then nothing else
/// is taken in until all of the log has been done: a file would be written behind bytes that are not there.
///
/// A record is prepared by a closure on the journal's thread, so what it reads about files is what earlier records
/// of the same group will have made of them: closures keep such knowledge in memory, and drop it on ``reset``.
final class Journal: Sendable {
    private struct Job: Sendable {
        /// Nil asks for an empty log.
        let prepare: (@Sendable () throws -> JournalRecord)?
        /// Called when the record is in the files, in the order of the records, before `done`.
        let applied: @Sendable () -> Void
        let done: @Sendable (Result<Void, any Error>) -> Void
    }

    /// State that only the commit thread touches.
    private final class Log: @unchecked Sendable {  // GroupCommit runs one commit at a time, on one serial queue.
        let file: Descriptor
        var length: Int64 = 0
        /// Something in the log is not yet in the files, because doing it failed.
        var isBehind = false

        init(file: Descriptor) { self.file = file }
    }

    private let group: GroupCommit<Job>

    static let name = "journal.log"

    /// Opens the journal of a data directory and does again what a crash may have left undone.
    ///
    /// - Parameters:
    ///   - limit: bytes after which the log begins anew.
    ///   - reset: called when prepared records did not reach the files.
    ///   - groupEnded: called when all records of a group have reached the files.
    init(
        root: Directory, limit: Int64 = 64 << 20, reset: @escaping @Sendable () -> Void,
        groupEnded: @escaping @Sendable () -> Void
    ) throws {
        let log = Log(file: try root.openForWriting(Self.name, mode: 0o600))
        let replay = JournalReplay(root: root)
        try replay.run(log.file)
        try root.syncFileSystem()
        try log.file.truncate(to: 0)
        try log.file.sync()
        group = GroupCommit(label: "otaserve.journal") { jobs in
            Self.commit(jobs, log: log, root: root, limit: limit, reset: reset)
            groupEnded()
        }
    }

    /// Returns when what `prepare` asks for is on the disk and can be read from the files.
    ///
    /// - Parameter applied: called then, on the journal's thread: in the order in which records are in the files.
    func write(
        _ prepare: @escaping @Sendable () throws -> JournalRecord, applied: @escaping @Sendable () -> Void = {}
    ) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            group.submit(Job(prepare: prepare, applied: applied, done: { continuation.resume(with: $0) }))
        }
    }

    /// Returns when the log is empty and all of it in the files, on the disk.
    func settle() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            group.submit(Job(prepare: nil, applied: {}, done: { continuation.resume(with: $0) }))
        }
    }

    private static func commit(
        _ jobs: [Job], log: Log, root: Directory, limit: Int64, reset: @Sendable () -> Void
    ) {
        do {
            if log.isBehind || log.length > longestLog(limit) { try catchUp(log, root: root) }
        } catch {
            for job in jobs { job.done(.failure(storageError(error))) }
            return
        }
        var prepared: [(job: Job, record: JournalRecord)] = []
        var bytes: [UInt8] = []
        for job in jobs {
            guard let prepare = job.prepare else { continue }
            do {
                let record = try prepare()
                if !record.changes.isEmpty { bytes += try record.encoded() }
                prepared.append((job, record))
            } catch {
                job.done(.failure(error))
            }
        }
        do {
            if !bytes.isEmpty {
                try log.file.write(bytes, at: log.length)
                try log.file.sync()
            }
        } catch {
            // Whatever of it reached the file must not be done again: nobody was told that it is stored.
            try? log.file.truncate(to: log.length)
            reset()
            for job in prepared.map(\.job) + jobs.filter({ $0.prepare == nil }) { job.done(.failure(storageError(error))) }
            return
        }
        log.length += Int64(bytes.count)
        let replay = JournalReplay(root: root)
        for (index, item) in prepared.enumerated() {
            do {
                try replay.apply(item.record)
                item.job.applied()
                item.job.done(.success(()))
            } catch {
                log.isBehind = true
                reset()
                for failed in prepared[index...] { failed.job.done(.failure(storageError(error))) }
                break
            }
        }
        let settling = jobs.filter { $0.prepare == nil }
        guard log.length > limit || !settling.isEmpty else { return }
        // When it fails the log stays and grows, and the next group tries again.
        let outcome = Result { try catchUp(log, root: root) }.mapError(storageError)
        for job in settling { job.done(outcome) }
    }

    /// Far below what a start reads back.
    private static func longestLog(_ limit: Int64) -> Int64 { min(4 * limit, JournalReplay.longestLog / 2) }

    /// Begins the log anew when everything in it is on the disk.
    private static func catchUp(_ log: Log, root: Directory) throws {
        if log.isBehind { try JournalReplay(root: root).run(log.file) }
        log.isBehind = false
        try root.syncFileSystem()
        try log.file.truncate(to: 0)
        log.length = 0
    }

    static func storageError(_ error: any Error) -> any Error {
        guard let error = error as? FileTreeError else { return error }
        return PersistenceError(error.code == .full ? .storageFull : .storage, error.message)
    }
}
