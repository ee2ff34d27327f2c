import FileTree

/// What a client keeps between its runs: the files as they came, `root.json`, `timestamp.json`, `snapshot.json`,
/// `targets.json` and one `<encoded role>.json` for each delegated role, each replaced as a whole.
///
/// After a root that changed the keys of timestamp or snapshot, the stored files of both are void, also when that run
/// was cut off before it had new ones. They stay where they are and `timestamp.void` and `snapshot.void` say so.
public struct MetadataStore: Sendable {
    private let directory: Directory

    public init(_ directory: Directory) { self.directory = directory }

    /// Takes the store for this process until the result is released; two runs at once could store an older file over
    /// a newer one.
    public func lock() throws(TUFError) -> Descriptor {
        do { return try directory.lock("lock") } catch { throw TUFError(storing: error) }
    }

    /// Nil when there is none, and for a timestamp or snapshot that is void.
    func read(_ name: String) throws(TUFError) -> [UInt8]? {
        guard directory.status(void(name)) == nil else { return nil }
        do throws(FileTreeError) {
            return try directory.contents(of: name, limit: MetadataLimits.largestListed)
        } catch {
            // One that is too long was not stored by a client.
            guard error.code == .notFound || error.code == .tooLarge else { throw TUFError(storing: error) }
            return nil
        }
    }

    /// Returns when the bytes are on the disk.
    func write(_ bytes: [UInt8], as name: String) throws(TUFError) {
        do throws(FileTreeError) {
            try directory.replace(name, with: bytes)
            // Killed in between, a run more goes without comparison.
            if directory.status(void(name)) != nil { try directory.remove(void(name)) }
        } catch {
            throw TUFError(storing: error)
        }
    }

    /// To be called before the root that changed the keys is written.
    func voidTimestampAndSnapshot() throws(TUFError) {
        do throws(FileTreeError) {
            for role in [TopRole.timestamp, .snapshot] { try directory.replace(void(role.fileName), with: []) }
        } catch {
            throw TUFError(storing: error)
        }
    }

    private func void(_ name: String) -> String { "\(name.dropLast(".json".count)).void" }
}

extension TUFError {
    init(storing error: FileTreeError) { self.init(.storage, error.message) }
}
