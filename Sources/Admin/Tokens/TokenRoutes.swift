import Hummingbird
import OperatorAuth

/// Operators' tokens: what each allows, never what it is.
struct TokenRoutes: Sendable {
    private struct Document: Encodable {
        let id: String
        let scopes: [String]
        let description: String
        let createdAt: Timestamp
        let expiresAt: Nullable<Timestamp>

        init(_ record: TokenRecord) {
            id = record.id
            scopes = record.scopes.map(\.rawValue).sorted()
            description = record.description
            createdAt = Timestamp(record.createdAt)
            expiresAt = Nullable(record.expiresAt.map(Timestamp.init))
        }
    }

    private struct List: Encodable {
        let tokens: [Document]
    }

    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/v1/tokens", .all) { _ in
                let records = try await stored { try await services.tokens.list() }
                return .json(List(tokens: records.map(Document.init)))
            },
            Route(.delete, "/v1/tokens/{id}", .all) { call in try await remove(try call.parameter("id")) },
        ]
    }

    private func remove(_ id: String) async throws -> Response {
        guard try await stored({ try await services.tokens.remove(id) }) else {
            // The id is not repeated: somebody may have sent a whole token in its place.
            throw Problem(.notFound, "token-unknown", "there is no token with this id; see the list of tokens")
        }
        return .noContent
    }
}
