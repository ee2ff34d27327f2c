import TUF

/// One update as the catalogue shows it.
public struct Update: Sendable {
    public let key: UpdateKey
    /// When the directory was put there, seconds since 1970.
    public let createdAt: Int64
    /// The images its metadata name; empty when `problem` is set.
    public let targets: [TargetsMetadata.Target]
    public let hasRepository: Bool
    public let apps: [AppName]
    /// Why a device could not use it, in one sentence; nil when nothing was found.
    public let problem: String?
}
