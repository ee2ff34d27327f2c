import Snaps

/// One ordinary request of the server's that is not done yet.
public struct OrderRecord: Codable, Equatable, Sendable {
    public let request: SnapRequest
    public var undertaking: Undertaking
    public var attempt = 0
    /// Milliseconds since 1970.
    public var notBefore: Int64 = 0

    public init(_ request: SnapRequest) {
        self.request = request
        undertaking = .planned
    }
}
