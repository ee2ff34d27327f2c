import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Snaps
import SoftwareAgent

/// The device gateway over HTTPS, with the device's certificate.
struct ServerClient: UpdateServer {
    private let http: HTTPClient
    private let settings: ServerSettings

    /// Bytes of what the server asks at once.
    private static let largestAnswer = 4 << 20

    init(_ http: HTTPClient, _ settings: ServerSettings) {
        self.http = http
        self.settings = settings
    }

    func heartbeat(_ heartbeat: Heartbeat) async throws(SoftwareAgentError) -> SnapRequests {
        try await post("/snaps/heartbeat", heartbeat.json)
    }

    func deliver(_ answer: [UInt8]) async throws(SoftwareAgentError) -> SnapRequests { try await post("/snaps/answers", answer) }

    func fetch(
        _ path: String, from offset: Int64, receive: @Sendable ([UInt8], Int64) throws(SoftwareAgentError) -> Bool
    ) async throws(SoftwareAgentError) {
        var request = try request("GET", path)
        if offset > 0 { request.headers.add(name: "Range", value: "bytes=\(offset)-") }
        do {
            let response = try await http.execute(request, timeout: .seconds(60))
            var place: Int64
            switch response.status {
            case .ok: place = 0
            case .partialContent: place = offset
            default: throw try await Self.refusal(path, response)
            }
            for try await piece in response.body {
                guard try receive(Array(piece.readableBytesView), place) else { return }
                place += Int64(piece.readableBytes)
            }
        } catch {
            throw error as? SoftwareAgentError ?? unreachable(error)
        }
    }

    private func post(_ path: String, _ body: [UInt8]) async throws(SoftwareAgentError) -> SnapRequests {
        var request = try request("POST", path)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body))
        let answer: [UInt8]
        do {
            let response = try await http.execute(request, timeout: .seconds(60))
            guard response.status == .ok else { throw try await Self.refusal(path, response) }
            answer = Array(try await response.body.collect(upTo: Self.largestAnswer).readableBytesView)
        } catch {
            throw error as? SoftwareAgentError ?? unreachable(error)
        }
        do throws(SnapsError) {
            return try SnapRequests(parsing: answer)
        } catch {
            throw SoftwareAgentError(.serverUnreachable, error.message)
        }
    }

    private func request(_ method: String, _ path: String) throws(SoftwareAgentError) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: settings.address + path)
        request.method = HTTPMethod(rawValue: method)
        request.tlsConfiguration = try settings.tls()
        if let tag = settings.tag { request.headers.add(name: "x-ats-tags", value: tag) }
        return request
    }

    private func unreachable(_ error: any Error) -> SoftwareAgentError {
        SoftwareAgentError(.serverUnreachable, "cannot reach \(settings.address): \(error)")
    }

    /// Only what the server says of the message itself is final; all else may be otherwise the next time.
    private static func refusal(_ path: String, _ response: HTTPClientResponse) async throws -> SoftwareAgentError {
        let body = try await response.body.collect(upTo: 64 << 10)
        let problem = (try? JSONSerialization.jsonObject(with: Data(body.readableBytesView))) as? [String: Any]
        let words = problem?["detail"] as? String ?? problem?["title"] as? String ?? ""
        let isFinal = [400, 413, 422].contains(response.status.code)
        return SoftwareAgentError(
            isFinal ? .serverRefused : .serverUnreachable, "the server answers \(path) with \(response.status.code): \(words)")
    }
}
