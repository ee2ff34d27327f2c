import FileTree

/// Where a new update comes from.
public enum UpdateSource: Sendable {
    /// A directory of the operator's; left as it is.
    case directory(path: String)
    /// A tar, tar.gz or tar.zst, read once from its present position: a file, a pipe or standard input.
    case archive(Descriptor, name: String)
}
