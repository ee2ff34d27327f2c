/// Why a site could not get something from its upstream server.
public struct SiteSyncError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case addressInvalid = "upstream-invalid"
        case credentialsInvalid = "upstream-credentials-invalid"
        /// No connection, or one that was not trusted.
        case unreachable = "upstream-unreachable"
        /// Attempt after attempt brought next to nothing.
        case cutOff = "upstream-cut-off"
        case refused = "upstream-refused"
        /// It answers what no OTAServe answers.
        case answerInvalid = "upstream-answer-invalid"
        /// What it lists or sends changed while it was fetched.
        case changed = "upstream-changed"
        case rateInvalid = "rate-invalid"
        /// Another sync works on this data directory.
        case busy = "site-sync-busy"
        case storage = "storage-failed"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }

    /// Whether the next request would fail the same way.
    var concernsAll: Bool {
        switch code {
        case .unreachable, .cutOff, .credentialsInvalid: true
        default: false
        }
    }
}
