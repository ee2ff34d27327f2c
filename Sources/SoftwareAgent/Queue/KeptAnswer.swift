/// An answer that the server has not stored yet.
public struct KeptAnswer: Codable, Equatable, Sendable {
    public let id: String
    /// The JSON document.
    public let document: String
}
