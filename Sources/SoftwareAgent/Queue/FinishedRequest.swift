/// A request that was done, so that it is not done again when it comes again.
public struct FinishedRequest: Codable, Equatable, Sendable {
    public let id: String
    public let success: Bool
    public let message: String
}
