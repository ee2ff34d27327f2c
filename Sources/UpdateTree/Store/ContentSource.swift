import FileTree

/// A place that may have a right copy of content that is damaged here: an update, a directory on a stick, an upstream.
///
/// What it gives is copied and the copy checked, so it need not be trusted.
public protocol ContentSource: Sendable {
    /// What an operator knows it by.
    var name: String { get }
    /// Opens its copy; nil when it has none.
    func content(_ content: SharedContent) throws -> Descriptor?
}
