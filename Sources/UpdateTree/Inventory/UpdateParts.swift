/// What an update's directory holds.
public enum UpdateParts {
    /// The directories that make an update; whatever else lies beside them is not part of it.
    static let names: Set<String> = ["tuf", "ostree_repo", "apps", "snaps", "packages"]

    /// Where the folders of objects lie.
    static let objects = "ostree_repo/objects"

    /// What clients of a repository ask for: these files, and what lies in these folders.
    private static let files = ["config", "summary", "summary.sig"]
    private static let folders = ["objects", "deltas", "delta-indexes", "extensions"]
    private static let refs = ["heads", "mirrors"]

    /// Whether a file at `path` belongs to an update. In a repository lies what tools leave there for themselves (`tmp/`,
    /// `state/`, `.lock`, `refs/remotes`), and no device or site may have it. Compared by bytes, as the disk does.
    public static func holds(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        guard parts.count > 1, parts[0].elementsEqual("ostree_repo".utf8) else { return true }
        if parts.count == 2 { return isOne(parts[1], of: files) }
        guard parts[1].elementsEqual("refs".utf8) else { return isOne(parts[1], of: folders) }
        return parts.count > 3 && isOne(parts[2], of: refs)
    }

    /// Whether nothing below the directory at `path` belongs to an update.
    static func isLeftOut(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        guard parts.count > 1, parts[0].elementsEqual("ostree_repo".utf8) else { return false }
        guard parts[1].elementsEqual("refs".utf8) else { return !isOne(parts[1], of: folders) }
        return parts.count > 2 && !isOne(parts[2], of: refs)
    }

    private static func isOne(_ part: Substring.UTF8View, of words: [String]) -> Bool { words.contains { part.elementsEqual($0.utf8) } }
}
