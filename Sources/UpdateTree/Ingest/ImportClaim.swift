import FileTree

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
        try storage { () throws(FileTreeError) in ImportClaim(try data.waitForLock(lockName, shared: true)) }
    }

    /// Claims the data directory for a collection; nil while an import runs.
    public static func collecting(in data: Directory) throws(UpdateTreeError) -> ImportClaim? {
        try storage { () throws(FileTreeError) in
            do throws(FileTreeError) {
                return ImportClaim(try data.lock(lockName))
            } catch {
                guard error.code == .inUse else { throw error }
                return nil
            }
        }
    }

    /// Runs `body` while the claim is held.
    public func whileHeld<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        defer { withExtendedLifetime(lock) {} }
        return try body()
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
