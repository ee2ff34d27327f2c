import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Why a running server did not do what a command asked for.
struct RunningServerError: Error, CustomStringConvertible {
    let slug: String
    let message: String
    let exit: ExitStatus
    var description: String { "\(slug): \(message)" }
}

/// The server that works on a data directory right now, reached through its socket. The socket's mode is the
/// permission: who may write to the data directory may ask the server.
struct RunningServer {
    static func socketPath(datadir: String) -> String { "\(datadir)/otaserve.sock" }

    private struct Problem: Decodable {
        let slug: String
        let detail: String
    }

    private let path: String

    /// Nil when nobody listens on the socket.
    init?(datadir: String) {
        path = Self.socketPath(datadir: datadir)
        guard Self.answers(path) else { return nil }
    }

    /// A socket file outlives a killed server: only connecting tells.
    private static func answers(_ path: String) -> Bool {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard number >= 0 else { return false }
        defer { close(number) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Sends one request of the admin API and returns the body of the answer.
    @discardableResult
    func send(_ method: HTTPMethod, _ target: String, body: Data? = nil) async throws -> Data {
        guard let escaped = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) else { return Data() }
        var request = HTTPClientRequest(url: "http+unix://\(escaped)\(target)")
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            let bytes = Data(buffer: try await response.body.collect(upTo: 64 << 20))
            guard (200..<300).contains(response.status.code) else { throw Self.error(response.status, bytes) }
            return bytes
        } catch let error as RunningServerError {
            throw error
        } catch {
            throw RunningServerError(
                slug: "server-unreachable", message: "the server at \(path) did not answer: \(error)", exit: .unavailable)
        }
    }

    private static func error(_ status: HTTPResponseStatus, _ body: Data) -> RunningServerError {
        let problem = try? JSONDecoder().decode(Problem.self, from: body)
        let exit: ExitStatus =
            switch status.code {
            case 400, 422: .badData
            case 401, 403: .notPermitted
            case 503: .tryAgain
            case 500...: .unavailable
            default: .failed
            }
        return RunningServerError(
            slug: problem?.slug ?? "server-refused", message: problem?.detail ?? "the server answered \(status)", exit: exit)
    }
}

extension Data {
    fileprivate init(buffer: ByteBuffer) { self.init(buffer.readableBytesView) }
}
