/// What an update's directory holds.
public enum UpdateParts {
    /// The directories that make an update; whatever else lies beside them is not part of it.
    static let names: Set<String> = ["tuf", "ostree_repo", "apps", "snaps", "packages"]

    /// What clients of a repository ask for.
    private static let ofRepository = ["config", "summary", "summary.sig", "objects", "deltas", "delta-indexes", "extensions"]
    private static let refs = ["heads", "mirrors"]

    /// Whether the path is none that an update holds: what tools leave in a repository for themselves (`tmp/`, `state/`,
    /// `.lock`, `refs/remotes`) and no device or site may have. Compared by bytes, as the disk does.
    public static func isLeftOut(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"))
        guard parts.count > 1, parts[0].elementsEqual("ostree_repo".utf8) else { return false }
        func isOne(_ part: Substring.UTF8View, of words: [String]) -> Bool { words.contains { part.elementsEqual($0.utf8) } }
        guard parts[1].elementsEqual("refs".utf8) else { return !isOne(parts[1], of: ofRepository) }
        return parts.count > 2 && !isOne(parts[2], of: refs)
    }
}
