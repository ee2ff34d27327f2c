import FoundationEssentials

/// A time as the API writes it: RFC 3339 in UTC, whole seconds.
struct Timestamp: Encodable, Sendable {
    let text: String

    /// - Parameter seconds: since 1970.
    init(_ seconds: Int64) {
        // Years 1970 to 9999: what lies outside is no time of this server.
        let bounded = min(max(seconds, 0), 253_402_300_799)
        text = Date(timeIntervalSince1970: TimeInterval(bounded)).formatted(.iso8601)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
