import NIOCore
import NIOHPACK

/// The head of a response in both protocols' form, made once and sent many times. `Date` is added when it is sent.
final class PreparedHead: Sendable {
    let status: Int
    /// Status line and fields with their line ends, without the empty line that ends a head.
    let http1: ByteBuffer
    let http2: HPACKHeaders

    /// - Parameter fields: names in lower case. `content-length` is among them where there is one.
    init(status: Int, fields: [(name: String, value: String)]) {
        self.status = status
        var text = "HTTP/1.1 \(status) \(Self.reason(status))\r\n"
        var headers = HPACKHeaders()
        headers.reserveCapacity(fields.count + 2)
        headers.add(name: ":status", value: String(status))
        for field in fields {
            text += "\(field.name): \(field.value)\r\n"
            headers.add(name: field.name, value: field.value)
        }
        http1 = ByteBuffer(string: text)
        http2 = headers
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 206: "Partial Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 416: "Range Not Satisfiable"
        case 431: "Request Header Fields Too Large"
        case 503: "Service Unavailable"
        default: "Status"
        }
    }
}
