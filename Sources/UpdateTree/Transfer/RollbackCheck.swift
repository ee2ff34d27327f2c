import FileTree
import TUF

/// Compares new metadata of an update with those that it has here: devices that saw these would refuse older ones.
struct RollbackCheck: Sendable {
    let trust: ChannelTrust
    let now: MetadataTime

    /// What speaks against the new metadata; nil when they may take the place of the old.
    ///
    /// Metadata here that are not validly signed bar nothing: no device took them.
    func run(old: Directory, new: Directory) -> Finding? {
        var name = "root.json"
        do {
            var trusted = try TrustedMetadata(trustedRoot: trust.newest().bytes, now: now)
            while let next = trusted.nextRootVersion {
                name = "\(next).root.json"
                guard let bytes = try? Self.read(new, name) else { break }
                try trusted.updateRoot(bytes)
            }
            try trusted.finishRoots()
            if let bytes = try? Self.read(old, "timestamp.json") { try? trusted.loadStoredTimestamp(bytes) }
            name = "timestamp.json"
            _ = try trusted.updateTimestamp(Self.read(new, name))
            name = "snapshot.json"
            if let bytes = try? Self.read(old, name) { try? trusted.updateSnapshot(bytes, isTrusted: true) }
            if trusted.snapshot == nil { try trusted.updateSnapshot(Self.read(new, name)) }
            name = "targets.json"
            try trusted.updateTargets(Self.read(new, name))
            return nil
        } catch let error as TUFError {
            return Finding(
                .fatal, "tuf/\(name)", slug: error.code.rawValue,
                "\(error.message); the update here has newer metadata and stays as it is: sign newer ones where it comes from")
        } catch {
            return Finding(.fatal, "tuf/\(name)", slug: UpdateTreeError.Code.storage.rawValue, "\(error)")
        }
    }

    private static func read(_ tuf: Directory, _ name: String) throws(FileTreeError) -> [UInt8] {
        try tuf.contents(of: name, limit: UpdateCatalogue.largestMetadata)
    }
}
