import Hummingbird
import UpdateTree

/// Every clock of the system in one list.
struct ExpiryRoutes: Sendable {
    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/v1/expiry", .scope(.updatesRead)) { call in
                let limit = try call.limit(default: 1000)
                let expiries = try await stored { try await services.expiries() }
                return .json(ExpiryList(expiries, limit: limit, now: services.now()))
            }
        ]
    }
}

/// What ends when, soonest first.
public struct ExpiryList: Encodable, Sendable {
    struct Entry: Encodable, Sendable {
        let kind: String
        let subject: String
        let expiresAt: Timestamp
        /// Seconds; negative for what has ended.
        let secondsLeft: Int64
        let remedy: String
    }

    let expiries: [Entry]
    /// All there are, also those that the list has no room for.
    let total: Int

    public init(_ expiries: [Expiry], limit: Int, now: Int64) {
        total = expiries.count
        self.expiries = expiries.soonestFirst().prefix(limit).map { expiry in
            Entry(
                kind: expiry.kind.rawValue, subject: expiry.subject, expiresAt: Timestamp(expiry.at), secondsLeft: expiry.at - now,
                remedy: expiry.remedy)
        }
    }
}
