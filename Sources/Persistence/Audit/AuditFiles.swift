import FileTree
import Fleet
import Glibc

/// The audit log: `audit/<YYYY-MM>.jsonl`, one line per action, each chained to the one before.
///
/// The server and commands beside it may write at once: a lock in the folder keeps them apart. `audit/head` names the
/// last line, so that a log whose end was cut off is told from one that ends there.
public final class AuditFiles: AuditTrail {
    private struct Job: Sendable {
        let entry: AuditEntry
        let done: @Sendable (Result<Void, any Error>) -> Void
    }

    let folder: Directory
    private let group: GroupCommit<Job>

    static let headName = "head"
    private static let lockName = "lock"

    public init(dataDirectory: Directory) throws {
        let folder = try dataDirectory.makeDirectory("audit", mode: 0o700)
        self.folder = folder
        group = GroupCommit(label: "otaserve.audit") { jobs in
            let outcome = Result { try Self.append(jobs.map(\.entry), in: folder) }.mapError { error -> any Error in
                guard let error = error as? FileTreeError else { return error }
                return PersistenceError(error.code == .full ? .storageFull : .storage, "audit: \(error.message)")
            }
            for job in jobs { job.done(outcome) }
        }
    }

    public func record(_ entry: AuditEntry) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            group.submit(Job(entry: entry, done: { continuation.resume(with: $0) }))
        }
    }

    // MARK: Writing

    private static func append(_ entries: [AuditEntry], in folder: Directory) throws {
        try whileLocked(folder) {
            let place = try AuditPlace(folder)
            let month = max(AuditRecord.time(entries.first?.time ?? 0).prefix(7) + ".jsonl", place.lastName ?? "")
            var link = place.link
            var bytes: [UInt8] = []
            for entry in entries {
                let line = try AuditRecord(entry, behind: link).line()
                link = AuditLink(number: link.number + 1, line: line)
                bytes += line + [UInt8(ascii: "\n")]
            }
            let isNew = folder.entry(month) == nil
            let file = try folder.openForWriting(month, mode: 0o600)
            let end = try file.status().size
            do {
                try file.write(bytes, at: end)
                try file.sync()
            } catch {
                // Nobody was told that it is written.
                try? file.truncate(to: end)
                throw error
            }
            if isNew { try folder.syncNames() }
            try folder.replace(headName, with: AuditPlace.encode(link), mode: 0o600)
        }
    }

    static func whileLocked<Value>(_ folder: Directory, _ body: () throws -> Value) throws -> Value {
        let lock = try folder.openForWriting(lockName, mode: 0o600)
        while flock(lock.number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileTreeError(errno: errno, doing: "lock", at: "\(folder.path)/\(lockName)") }
        }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    // MARK: Reading

    static func names(in folder: Directory) throws(FileTreeError) -> [String] { try folder.names().filter(AuditFile.isName) }

    /// The number of the last line; 0 in an empty log.
    public func lastNumber() throws -> Int64 { try AuditPlace.last(in: folder)?.number ?? 0 }

    public func lines(from number: Int64, most: Int, bytes limit: Int) throws -> [AuditLine] {
        var lines: [AuditLine] = []
        var size = 0
        for name in try filesHolding(from: number) {
            try AuditFile(name, in: folder).forEachLine { line in
                guard let record = AuditRecord(line: line), record.number >= number else { return true }
                size += line.count
                guard lines.count < most, size <= limit else { return false }
                lines.append(AuditLine(number: record.number, text: String(decoding: line, as: UTF8.self)))
                return true
            }
            if lines.count >= most || size > limit { break }
        }
        return lines
    }

    /// The files that may hold the line `number` or later ones.
    private func filesHolding(from number: Int64) throws -> ArraySlice<String> {
        let names = try Self.names(in: folder)
        var first = names.startIndex
        for (index, name) in names.enumerated() {
            var begin: Int64?
            try AuditFile(name, in: folder).forEachLine { line in
                begin = AuditRecord(line: line)?.number
                return false
            }
            if let begin, begin <= number { first = index }
        }
        return names[first...]
    }
}
