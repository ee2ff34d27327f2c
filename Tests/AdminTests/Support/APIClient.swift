import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

/// Asks the API as an operator's program does.
struct APIClient: Sendable {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String

        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) ?? [:] }
        var slug: String? { json["slug"] as? String }
        var detail: String { json["detail"] as? String ?? "" }
        func list(_ member: String) -> [[String: Any]] { json[member] as? [[String: Any]] ?? [] }
    }

    let client: any TestClientProtocol
    let token: String

    func callAsFunction(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, token: String? = "", headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        // Empty: the one that may do everything. Nil: none.
        if let token { headers[.authorization] = "Bearer \(token.isEmpty ? self.token : token)" }
        let response = try await client.executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        return Answer(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
    }
}
