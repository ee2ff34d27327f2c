import Fleet
import Synchronization

/// An audit log in memory that may refuse to write.
final class MemoryAudit: AuditTrail {
    private let written = Mutex<[AuditEntry]>([])
    let isBroken = Atomic(false)

    struct Broken: Error {}

    var entries: [AuditEntry] { written.withLock { $0 } }

    func record(_ entry: AuditEntry) async throws {
        if isBroken.load(ordering: .relaxed) { throw Broken() }
        written.withLock { $0.append(entry) }
    }

    func lines(from number: Int64, most: Int, bytes: Int) throws -> [AuditLine] { [] }
}
