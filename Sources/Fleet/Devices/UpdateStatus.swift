/// How a device stands with its update, as its events tell it.
public enum UpdateStatus: String, Codable, Sendable, CaseIterable {
    /// No event came yet.
    case unknown
    /// The last update ended well.
    case idle
    case updating
    case failed
}
