import NIOCore
import NIOHPACK

/// A request encoded once, for both protocols, so that sending it costs a write.
struct HTTPRequest: Sendable {
    /// Head and body as HTTP/1.1 puts them on the wire.
    let http1: ByteBuffer
    let http2Headers: HPACKHeaders
    let http2Body: ByteBuffer?
    /// The length of the body that the response must have; nil when any will do.
    let expectedLength: Int?

    init(
        method: String = "GET",
        path: String,
        authority: String,
        headers: [(name: String, value: String)] = [],
        body: ByteBuffer? = nil,
        expectedLength: Int? = nil
    ) {
        var headers = headers
        if let body { headers.append(("content-length", String(body.readableBytes))) }

        var wire = ByteBuffer()
        wire.writeString("\(method) \(path) HTTP/1.1\r\nHost: \(authority)\r\n")
        for (name, value) in headers { wire.writeString("\(name): \(value)\r\n") }
        wire.writeString("\r\n")
        if let body { wire.writeImmutableBuffer(body) }

        var fields = HPACKHeaders()
        fields.add(name: ":method", value: method)
        fields.add(name: ":scheme", value: "https")
        fields.add(name: ":authority", value: authority)
        fields.add(name: ":path", value: path)
        // RFC 9113 §8.2: names are lower case and connection-specific fields do not exist.
        for (name, value) in headers where name.lowercased() != "connection" { fields.add(name: name.lowercased(), value: value) }

        self.http1 = wire
        self.http2Headers = fields
        self.http2Body = body
        self.expectedLength = expectedLength
    }
}
