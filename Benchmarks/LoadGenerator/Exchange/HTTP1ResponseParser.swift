import NIOCore

/// Just enough of HTTP/1.1 (RFC 9112) to know the status and where a response ends. It is meant for a server that is being measured, not for a hostile one.
struct HTTP1ResponseParser {
    enum Output {
        case head(status: Int)
        case body(ByteBuffer)
        case end
    }

    private enum State {
        case head
        case fixed(remaining: Int)
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailers
        case untilClose
        case complete
    }

    private var state = State.head

    /// True when closing the connection now is a proper end of the body.
    var endsWithConnection: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// The next part of the response, or nil when more bytes are needed. What was used is taken from the buffer.
    mutating func next(from buffer: inout ByteBuffer) throws -> Output? {
        while true {
            switch state {
            case .head:
                guard let length = buffer.readableBytesView.endOfHead else { return nil }
                let head = buffer.readableBytesView.prefix(length)
                let (status, framing) = try Self.parseHead(head)
                buffer.moveReaderIndex(forwardBy: length)
                if (100..<200).contains(status) { continue }
                state = framing
                return .head(status: status)
            case .fixed(let remaining):
                guard remaining > 0 else { return end() }
                guard let part = buffer.readUpTo(remaining) else { return nil }
                state = .fixed(remaining: remaining - part.readableBytes)
                return .body(part)
            case .chunkSize:
                guard let line = buffer.readLine() else { return nil }
                let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
                guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else {
                    throw LoadError(code: .malformedResponse, message: "a chunk has no size")
                }
                state = size == 0 ? .trailers : .chunk(remaining: size)
            case .chunk(let remaining):
                guard remaining > 0 else {
                    state = .chunkEnd
                    continue
                }
                guard let part = buffer.readUpTo(remaining) else { return nil }
                state = .chunk(remaining: remaining - part.readableBytes)
                return .body(part)
            case .chunkEnd:
                guard buffer.readLine() != nil else { return nil }
                state = .chunkSize
            case .trailers:
                guard let line = buffer.readLine() else { return nil }
                if line.isEmpty { return end() }
            case .untilClose:
                guard let part = buffer.readUpTo(Int.max) else { return nil }
                return .body(part)
            case .complete:
                state = .head
                guard buffer.readableBytes > 0 else { return nil }
            }
        }
    }

    private mutating func end() -> Output {
        state = .complete
        return .end
    }

    private static func parseHead(_ head: ByteBufferView) throws -> (status: Int, framing: State) {
        // "HTTP/1.1 200 …": three digits at position 9.
        let digits = head.dropFirst(9).prefix(3)
        guard head.count >= 14, let status = Int(decimal: digits) else {
            throw LoadError(code: .malformedResponse, message: "the response does not begin with an HTTP/1.1 status line")
        }
        if status == 204 || status == 304 { return (status, .fixed(remaining: 0)) }
        var framing = State.untilClose
        for line in head.split(separator: UInt8(ascii: "\n")).dropFirst() {
            if let value = line.value(ofField: "content-length") {
                guard let length = Int(decimal: value) else {
                    throw LoadError(code: .malformedResponse, message: "Content-Length is not a number")
                }
                framing = .fixed(remaining: length)
            } else if let value = line.value(ofField: "transfer-encoding"), value.elementsEqual("chunked".utf8) {
                return (status, .chunkSize)
            }
        }
        return (status, framing)
    }
}
