import FileTree

/// What of an update under way is here already: `transfers/<digest>.part`. One transfer at a time holds it.
///
/// A part is either being fetched or complete and not yet in its place. Whatever killed the transfer, the next one goes
/// on behind the last byte, and nothing is believed of a part before its digest was computed.
struct TransferFolder: Sendable {
    static let name = "transfers"
    private static let lockName = "lock"
    private static let suffix = ".part"
    /// A part that nobody went on with for so long is removed. Seconds.
    static let patience: Int64 = 7 * 86_400

    let root: Directory

    /// Throws `.busy` while another transfer holds it. The lock is apart from the folder: work on other threads may hold
    /// the folder a little longer than the transfer lasts.
    static func claim(in data: Directory) throws -> (folder: TransferFolder, lock: Descriptor) {
        do throws(FileTreeError) {
            let root = try data.makeDirectory(name, mode: 0o700)
            return (TransferFolder(root: root), try root.lock(lockName))
        } catch {
            guard error.code == .inUse else { throw UpdateTreeError(error) }
            throw TransferError(.busy, "another transfer works on this data directory; wait until it has ended")
        }
    }

    static func partName(of content: Inventory.Content) -> String {
        switch content {
        case .shared(.object(let name)): "\(name.checksum.hex).\(name.kind.suffix)\(suffix)"
        case .shared(.blob(let digest)): "\(digest.hex).blob\(suffix)"
        case .plain(let digest): digest.hex + suffix
        }
    }

    /// Opens the part for writing, making it when it is absent.
    func part(of content: Inventory.Content) throws(UpdateTreeError) -> Descriptor {
        let name = Self.partName(of: content)
        return try storage { () throws(FileTreeError) in
            // A transfer that was killed while it put things in their places: this is a file of the store or of an update
            // under a second name. Writing to it would change that one.
            guard let present = root.entry(name), present.kind != .file || present.links > 1 else {
                return try root.openForWriting(name, mode: 0o600)
            }
            let old = try? root.openFile(name)
            try root.remove(name)
            let new = try root.create(name, mode: 0o600)
            if let old { try new.copyContents(of: old) }
            return new
        }
    }

    func discard(_ content: Inventory.Content) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in try root.remove(Self.partName(of: content)) }
    }

    /// Removes parts that nobody went on with; with nil all of them.
    ///
    /// - Parameter now: seconds since 1970.
    func collect(now: Int64?) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in
            for name in try root.names() where name != Self.lockName {
                if let now, let status = root.entry(name), now - status.modifiedSeconds <= Self.patience { continue }
                try root.remove(name)
            }
        }
    }
}

extension UpdateLibrary {
    /// Removes what former transfers left half done: parts that nobody went on with for a week. Nothing while a transfer
    /// runs. To be called at start and now and then.
    ///
    /// - Parameter now: seconds since 1970; nil removes every part: nothing is wanted any more.
    public func collectTransfers(now: Int64?) throws {
        let (folder, lock): (TransferFolder, Descriptor)
        do { (folder, lock) = try TransferFolder.claim(in: data) } catch let error as TransferError {
            guard error.code == .busy else { throw error }
            return
        }
        defer { withExtendedLifetime(lock) {} }
        try folder.collect(now: now)
    }
}
