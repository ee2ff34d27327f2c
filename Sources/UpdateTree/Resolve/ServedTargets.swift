import FileTree
import TUF

/// The `targets.json` that devices of an update get, in short.
public struct ServedTargets: Equatable, Sendable {
    /// Nil when the file is no targets metadata, which is served all the same where updates are not checked.
    public let version: Int64?
    /// `YYYY-MM-DDTHH:MM:SSZ`.
    public let expires: String?
    /// Sorted.
    public let names: [String]
    /// Of the whole file.
    public let digest: Digest

    init(_ bytes: [UInt8]) {
        digest = Digest(of: bytes)
        let metadata = try? TargetsMetadata(parsing: bytes)
        version = metadata?.version
        expires = metadata?.expires.description
        names = ((try? metadata?.files()) ?? []).map(\.name).sorted()
    }
}

extension UpdateLibrary {
    /// Nil when the update has no `targets.json`.
    public func servedTargets(of key: UpdateKey) throws(UpdateTreeError) -> ServedTargets? {
        let path = "\(key.path)/tuf/targets.json"
        guard catalogue.root.status(path)?.kind == .file else { return nil }
        let bytes = try storage { () throws(FileTreeError) in try catalogue.root.contents(of: path, limit: UpdateCatalogue.largestMetadata)
        }
        return ServedTargets(bytes)
    }
}
