import FileTree
import NIOCore

/// An answer to a request, without regard to the protocol it goes by.
struct Response: Sendable {
    enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        case file(Descriptor, Range<Int64>)
        /// Longer than ``FilePump/piece``: sent as fast as the peer takes it.
        case held(HeldText, Range<Int64>)
    }

    var head: PreparedHead
    var body: Body = .none
    /// The second that `Date` names; nil for that in which the answer is sent.
    var second: Int64?
    /// The connection cannot be used after it (HTTP/1): part of the request was not read.
    var closes = false

    /// An answer with a small body that is at hand.
    static func bytes(
        _ status: Int, type: String, _ body: ByteBuffer, fields: [(name: String, value: String)] = []
    ) -> Response {
        let all = [("content-type", type), ("content-length", String(body.readableBytes))] + fields
        return Response(head: PreparedHead(status: status, fields: all), body: .bytes(body))
    }

    static func text(_ status: Int, _ text: String) -> Response {
        bytes(status, type: "text/plain; charset=utf-8", ByteBuffer(string: text))
    }

    /// An answer without a body.
    static func empty(_ status: Int) -> Response {
        Response(head: PreparedHead(status: status, fields: status == 204 || status == 304 ? [] : [("content-length", "0")]))
    }

    static let ok = Response.empty(200)
    static let noContent = Response.empty(204)
    static let notModified = Response.empty(304)
}
