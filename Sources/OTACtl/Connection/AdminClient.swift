import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The server's API, one call at a time.
struct AdminClient: Sendable {
    private let address: ServerAddress
    private let token: String?
    private let http: HTTPClient

    private static let largestAnswer = 512 << 20

    init(at address: ServerAddress, token: String?, patience: Int64) {
        self.address = address
        self.token = token
        // No redirects: the token is for this server and for no other.
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .seconds(patience)))
        // One that refuses the connection is told to the operator at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func close() async { try? await http.shutdown() }

    /// Sends a request and returns the answer's document; `.null` when it has none.
    func call(
        _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [], body: JSON? = nil,
        headers: [(String, String)] = []
    ) async throws -> JSON {
        let bytes = try await self.bytes(method, path, query: query, body: body, headers: headers)
        guard !bytes.isEmpty else { return .null }
        guard let document = try? JSONDecoder().decode(JSON.self, from: bytes) else {
            throw ControlError(.unavailable, "answer-invalid", "the answer is no JSON; is \(address.shown) an OTAServe server?")
        }
        return document
    }

    /// Sends a request and returns the answer's bytes.
    func bytes(
        _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [], body: JSON? = nil,
        headers: [(String, String)] = []
    ) async throws -> Data {
        let response = try await response(method, path, query: query, body: body, headers: headers)
        return try await reaching { Data(try await response.body.collect(upTo: Self.largestAnswer).readableBytesView) }
    }

    /// Every page of a list, as one.
    func list(_ path: String, query filter: [(name: String, value: String)] = [], member: String) async throws -> JSON {
        var elements: [JSON] = []
        var document: [String: JSON] = [:]
        var cursor: String?
        repeat {
            let query = filter + (cursor.map { [(name: "cursor", value: $0)] } ?? [])
            let page = try await call(.GET, path, query: query + [(name: "limit", value: "1000")])
            elements += page[member].array
            for (name, value) in page.members where document[name] == nil { document[name] = value }
            cursor = page["nextCursor"].string
        } while cursor != nil
        document[member] = .array(elements)
        document["nextCursor"] = nil
        return .object(document)
    }

    /// The bytes of an answer as they come.
    func stream(
        _ path: String, query: [(name: String, value: String)] = [], headers: [(String, String)] = []
    ) async throws -> HTTPClientResponse.Body {
        try await response(.GET, path, query: query, body: nil, headers: headers).body
    }

    private func response(
        _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)], body: JSON?,
        headers: [(String, String)]
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address.url(path, query))
        request.method = method
        request.headers.add(contentsOf: headers)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        }
        let response = try await reaching { [request] in try await http.execute(request, deadline: .distantFuture) }
        guard (200..<300).contains(response.status.code) else {
            let bytes = try? await response.body.collect(upTo: 1 << 20)
            let problem = bytes.flatMap { try? JSONDecoder().decode(JSON.self, from: Data($0.readableBytesView)) }
            throw ControlError(status: response.status.code, problem: problem)
        }
        return response
    }

    /// Sends the bytes of a file from `offset` on, and returns the answer's document and whether it is a success.
    func upload(_ file: UploadFile, from offset: Int64, to path: String) async throws -> (isAccepted: Bool, document: JSON) {
        var request = HTTPClientRequest(url: address.url(path, []))
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/octet-stream")
        request.headers.add(name: "Upload-Id", value: file.id)
        request.headers.add(name: "Upload-Offset", value: String(offset))
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        request.body = .stream(file.bytes(from: offset), length: .known(file.size - offset))
        let response = try await reaching { [request] in try await http.execute(request, deadline: .distantFuture) }
        let bytes = try await reaching { Data(try await response.body.collect(upTo: Self.largestAnswer).readableBytesView) }
        let document = try? JSONDecoder().decode(JSON.self, from: bytes)
        let isAccepted = (200..<300).contains(response.status.code)
        // A refused update comes with its report; every other refusal is a problem.
        guard isAccepted || document?["findings"].array.isEmpty == false, let document else {
            throw ControlError(status: response.status.code, problem: document)
        }
        return (isAccepted, document)
    }

    /// Tells every failure of the connection as one error.
    func reaching<Value>(_ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ControlError(.unavailable, "server-unreachable", "cannot reach \(address.shown): \(Self.reason(error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        return String(describing: error).split(separator: "\n").first.map { String($0.prefix(300)) } ?? "the connection failed"
    }
}
