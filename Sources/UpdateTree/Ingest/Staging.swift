import FileTree

/// The private directories in which updates come and go. Their names begin with a dot, so no tag, name or
/// channel can reach them; what a killed process left behind is removed at the next start.
public enum Staging {
    static let prefix = ".staging-"

    static func uniqueName() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// Removes what earlier processes left. To be called by the one process that holds the data directory.
    public static func collect(in root: Directory) throws(UpdateTreeError) {
        do throws(FileTreeError) {
            for name in try root.names() where name.hasPrefix(prefix) { try root.remove(name) }
        } catch {
            throw UpdateTreeError(.storage, error.message)
        }
    }
}
