/// What an update's directory holds.
enum UpdateParts {
    /// The directories that make an update; whatever else lies beside them is not part of it.
    static let names: Set<String> = ["tuf", "ostree_repo", "apps", "snaps", "packages"]

    /// What tools leave in a repository for themselves and no device may have.
    static func isLeftOut(_ path: String) -> Bool {
        guard path.hasPrefix("ostree_repo/") else { return false }
        switch path.dropFirst("ostree_repo/".count) {
        case "tmp", "state", ".lock", "uncompressed-objects-cache", "refs/remotes": return true
        default: return false
        }
    }
}
