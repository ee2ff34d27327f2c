import TUF

/// One update as the catalogue shows it.
public struct Update: Sendable {
    public let key: UpdateKey
    /// When the directory was put there, seconds since 1970.
    public let createdAt: Int64
    /// The images its metadata name; empty when `problem` is set.
    public let targets: [ImageTarget]
    public let hasRepository: Bool
    public let apps: [AppName]
    /// Whether its check accepted it as it lies there now.
    public let verification: Verification
    /// Why a device could not use it, in one sentence; nil when nothing was found.
    public let problem: String?

    /// What is known of an update's check.
    public enum Verification: String, Sendable {
        case accepted
        case refused
        /// Not checked as it is now: new, changed, or being checked.
        case unchecked
    }
}
