import AsyncHTTPClient
import FileTree
import NIOCore
import NIOHTTP1
import SoftwareAgent

/// snapd's REST API over its Unix socket.
struct SnapdSocket: Snapd {
    private let http: HTTPClient
    private let path: String
    /// Where the files lie that are sent.
    private let files: Directory

    init(_ http: HTTPClient, at path: String, files: Directory) {
        self.http = http
        self.path = path
        self.files = files
    }

    func send(_ call: SnapdCall) async throws(SoftwareAgentError) -> SnapdReply {
        let request = try request(call)
        let answer: (status: Int, type: String, body: [UInt8])
        do {
            let response = try await http.execute(request, timeout: request.body == nil ? .seconds(60) : .minutes(30))
            let body = try await response.body.collect(upTo: SnapdReply.largest)
            answer = (Int(response.status.code), response.headers.first(name: "content-type") ?? "", Array(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            throw SoftwareAgentError(
                .snapdAnswerInvalid, "snapd's answer to \(call.path) has more than \(SnapdReply.largest) bytes; ask for less")
        } catch {
            throw SoftwareAgentError(.snapdUnreachable, "snapd does not answer at \(path) (\(error)); see that it runs, and run as root")
        }
        return try SnapdReply(status: answer.status, contentType: answer.type, body: answer.body)
    }

    private func request(_ call: SnapdCall) throws(SoftwareAgentError) -> HTTPClientRequest {
        let socket = path.utf8.map { Self.isPlain($0) ? String(UnicodeScalar($0)) : "%" + Self.hex($0) }.joined()
        var request = HTTPClientRequest(url: "http+unix://\(socket)\(call.path)")
        request.method = HTTPMethod(rawValue: call.method)
        request.headers.add(name: "Host", value: "localhost")
        switch call.body {
        case nil: break
        case .json(let text):
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: text))
        case .assertions(let text):
            request.headers.add(name: "Content-Type", value: "application/x.ubuntu.assertion")
            request.body = .bytes(ByteBuffer(bytes: text))
        case .files(let uploads, let fields):
            let form = try MultipartForm(uploads, fields: fields, in: files)
            request.headers.add(name: "Content-Type", value: "multipart/form-data; boundary=\(form.boundary)")
            request.body = .stream(form, length: .known(form.length))
        }
        return request
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || "-_.".utf8.contains(byte)
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
}
