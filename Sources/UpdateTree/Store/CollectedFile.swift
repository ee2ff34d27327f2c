/// One file of the content store that a collection removes, or would.
public struct CollectedFile: Sendable {
    public enum Reason: String, Sendable, CaseIterable {
        /// No update holds it.
        case unused
        /// It was found damaged and set aside, and no update holds it any more.
        case damaged
        /// A repair that was killed left it.
        case leftover
    }

    /// Relative to `store/`.
    public let path: String
    /// Bytes.
    public let size: Int64
    public let reason: Reason
    /// Seconds since 1970: when the last update that held it went.
    public let since: Int64
}
