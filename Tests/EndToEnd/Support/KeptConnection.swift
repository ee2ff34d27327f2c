import Foundation

/// One HTTP/1.1 connection that stays open between requests: a small Python client that takes orders.
///
/// ```swift
/// let connection = try await KeptConnection(device)
/// let answer = try await connection.request("GET", "/device")
/// ```
final class KeptConnection: @unchecked Sendable {  // One test owns it and awaits one request at a time.
    struct Reply: Decodable {
        /// 0 when the connection broke.
        let status: Int
        let text: String
        /// The SHA-256 of the server's certificate on this connection.
        let server: String
        /// The client's port: the same as long as the connection is.
        let port: Int

        var slug: String? {
            ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any])?["slug"] as? String
        }
    }

    private static let script = """
        import http.client, hashlib, json, ssl, sys
        port, folder = int(sys.argv[1]), sys.argv[2]
        tls = ssl.create_default_context(cafile=folder + "/root.crt")
        tls.load_cert_chain(folder + "/client.pem", folder + "/pkey.pem")
        link = http.client.HTTPSConnection("localhost", port, context=tls, timeout=30)
        link.connect()
        link.auto_open = 0
        seen = hashlib.sha256(link.sock.getpeercert(True)).hexdigest()
        local = link.sock.getsockname()[1]
        for line in sys.stdin:
            order = json.loads(line)
            try:
                link.request(order["method"], order["path"], order["body"], order["fields"])
                answer = link.getresponse()
                reply = [answer.status, answer.read().decode("utf-8", "replace")]
            except Exception as error:
                reply = [0, repr(error)]
            print(json.dumps({"status": reply[0], "text": reply[1], "server": seen, "port": local}), flush=True)
        """

    private let process = Process()
    private let orders = Pipe()
    private let replies = Pipe()

    init(_ device: TestDevice) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script, "\(device.server.port)", device.folder]
        process.standardInput = orders
        process.standardOutput = replies
        try process.run()
    }

    deinit {
        try? orders.fileHandleForWriting.close()
    }

    func request(_ method: String, _ path: String, _ fields: [String: String] = [:], body: String? = nil) async throws -> Reply {
        let order: [String: Any] = ["method": method, "path": path, "fields": fields, "body": body as Any? ?? NSNull()]
        let line = try JSONSerialization.data(withJSONObject: order) + Data("\n".utf8)
        try orders.fileHandleForWriting.write(contentsOf: line)
        let handle = replies.fileHandleForReading
        let answer: Data = await withCheckedContinuation { continuation in
            // A thread of its own: reading the pipe blocks.
            Thread.detachNewThread {
                var text = Data()
                while text.last != UInt8(ascii: "\n") {
                    let piece = handle.availableData
                    if piece.isEmpty { break }
                    text += piece
                }
                continuation.resume(returning: text)
            }
        }
        return try JSONDecoder().decode(Reply.self, from: answer)
    }
}
