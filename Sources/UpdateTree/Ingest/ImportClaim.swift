import FileTree
import Glibc

/// Keeps running imports apart from the collection of what killed ones left.
///
/// An import needs no server and stops none, so the lock of the data directory says nothing about it. Imports share a
/// lock of their own; who collects must have it alone.
public struct ImportClaim: Sendable {
    private static let lockName = "import.lock"
    private let lock: Descriptor

    private init(_ lock: Descriptor) { self.lock = lock }

    /// Claims the data directory for an import. Waits while somebody collects.
    public static func importing(into data: Directory) throws(UpdateTreeError) -> ImportClaim {
        let lock = try open(in: data)
        while flock(lock.number, LOCK_SH) != 0 {
            guard errno == EINTR else { throw UpdateTreeError(.storage, "the lock of imports cannot be taken: errno \(errno)") }
        }
        return ImportClaim(lock)
    }

    /// Claims the data directory for a collection; nil while an import runs.
    public static func collecting(in data: Directory) throws(UpdateTreeError) -> ImportClaim? {
        let lock = try open(in: data)
        guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { return nil }
        return ImportClaim(lock)
    }

    /// Runs `body` while the claim is held.
    public func whileHeld<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    private static func open(in data: Directory) throws(UpdateTreeError) -> Descriptor {
        try storage { () throws(FileTreeError) in try data.openForWriting(lockName, mode: 0o600) }
    }
}

extension UpdateLibrary {
    /// Removes what killed imports left, and verdicts on updates that are gone; nothing while an import runs: the next
    /// start does it then.
    public func collectLeftovers() throws(UpdateTreeError) {
        guard let claim = try ImportClaim.collecting(in: data) else { return }
        try claim.whileHeld { () throws(UpdateTreeError) in
            try Staging.collect(in: catalogue.root)
            try verdicts.collect()
        }
    }
}
