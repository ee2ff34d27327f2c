import FileTree
import Foundation
import UpdateTree

/// Keeps running imports apart from the collection of what killed ones left.
///
/// An import needs no server and stops none, so the lock of the data directory says nothing about it. Imports share a
/// lock of their own; who collects must have it alone.
enum ImportClaim {
    private static let lockName = "import.lock"

    /// Runs an import. Waits while somebody collects.
    static func importing<Value>(into data: Directory, _ body: () throws -> Value) throws -> Value {
        let lock = try open(in: data)
        while flock(lock.number, LOCK_SH) != 0 {
            guard errno == EINTR else { throw FileTreeError(errno: errno, doing: "lock", at: "\(data.path)/\(lockName)") }
        }
        return try withExtendedLifetime(lock, body)
    }

    /// Removes what killed processes left, unless an import is running: then the next start does.
    static func collect(in catalogue: UpdateCatalogue, data: Directory) throws {
        let lock = try open(in: data)
        guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { return }
        try withExtendedLifetime(lock) { try Staging.collect(in: catalogue.root) }
    }

    private static func open(in data: Directory) throws -> Descriptor { try data.openForWriting(lockName, mode: 0o600) }
}
