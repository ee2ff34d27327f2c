import FileTree
import NIOCore
import NIOHPACK
import NIOHTTP2

/// One request and its answer on an HTTP/2 connection, spoken in frames directly.
final class HTTP2Stream: ChannelDuplexHandler, FileSink {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = Never
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum State {
        case idle
        /// Has a head; what is to be done with the rest of the request is not known yet.
        case deciding
        case collecting(BodyCollector)
        case answering
        case sending(FilePump)
        case done
    }

    private let loop: LoopContext
    private let connection: HTTP2Connection
    private let responder: any Answering
    private var state = State.idle
    private var context: ChannelHandlerContext?
    private var requestIsComplete = false
    /// The request asks for the head of the answer alone.
    private var isHead = false
    /// Bytes of a body that nobody takes.
    private var dropped = 0
    /// Pieces of a body that came while it was being decided what to do with it.
    private var early: [HTTP2Frame.FramePayload.Data] = []
    private var readIsHeld = false

    /// A client that sends more than this beyond its answer is told to stop. One that is told at once may lose the answer.
    private static let mostDropped = 1 << 20

    init(loop: LoopContext, connection: HTTP2Connection, responder: any Answering) {
        self.loop = loop
        self.connection = connection
        self.responder = responder
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.streamOpened()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if case .collecting(let body) = state { body.release() }
        state = .done
        self.context = nil
        connection.streamClosed()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            // A second block of headers is a trailer: nothing in it matters.
            if case .idle = state { begin(headers) } else if headers.endStream { endRequest() }
        case .data(let data):
            if case .deciding = state { early.append(data) } else { take(data) }
        default: return
        }
    }

    func read(context: ChannelHandlerContext) {
        // What is not read fills the stream's window, and a body that nobody takes yet stays with the peer.
        if case .deciding = state { readIsHeld = true } else { context.read() }
    }

    private func take(_ data: HTTP2Frame.FramePayload.Data) {
        guard case .byteBuffer(let piece) = data.data else { return }
        if case .collecting(let body) = state {
            connection.noteProgress()
            if let problem = body.take(piece) {
                body.release()
                send(problem.response)
            }
        } else {
            dropped += piece.readableBytes
        }
        if data.endStream { endRequest() } else { stopClient() }
    }

    private func begin(_ headers: HTTP2Frame.FramePayload.Headers) {
        requestIsComplete = headers.endStream
        state = .deciding
        guard let request = RequestHead(headers.headers) else {
            send(Problem.lengthInvalid.response)
            return
        }
        isHead = request.method == .head
        perform(responder.answer(request), request)
    }

    private func endRequest() {
        requestIsComplete = true
        guard case .collecting(let body) = state else { return }
        state = .answering
        body.finish().assumeIsolated().whenComplete { result in
            switch result {
            case .success(let response): self.send(response)
            case .failure(let error): self.send(Problem(error).response)
            }
        }
    }

    private func perform(_ action: Action, _ request: RequestHead) {
        switch action {
        case .respond(let response): send(response)
        case .later(let action):
            action.assumeIsolated().whenComplete { result in
                switch result {
                case .success(let action): self.perform(action, request)
                case .failure(let error): self.send(Problem(error).response)
                }
            }
        case .collect(let limit, let budget, let then):
            if let length = request.contentLength, length > limit || length < 0 {
                send(Problem.contentTooLarge.response)
                return
            }
            state = .collecting(BodyCollector(limit: limit, budget: budget ?? loop.bodies, then: then))
            takeEarly()
            if requestIsComplete, case .collecting = state { endRequest() }
        }
    }

    /// Goes on with what came while it was being decided.
    private func takeEarly() {
        let pieces = early
        early = []
        for piece in pieces { take(piece) }
        guard readIsHeld else { return }
        readIsHeld = false
        context?.read()
    }

    // MARK: Sending

    private func send(_ response: Response) {
        guard let context else { return }
        if case .done = state { return }
        if case .deciding = state {
            state = .answering
            takeEarly()
        }
        var headers = response.head.http2
        headers.add(name: "date", value: response.second.map(HTTPDate.text) ?? loop.date)
        connection.noteProgress()
        // The answer to HEAD tells the length that the body would have, and has none.
        switch isHead ? .none : response.body {
        case .none:
            write(headers, isLast: true, context)
            finish(context)
        case .bytes(let bytes):
            write(headers, isLast: bytes.readableBytes == 0, context)
            if bytes.readableBytes > 0 { writeData(bytes, isLast: true, context) }
            finish(context)
        case .file(let file, let range):
            write(headers, isLast: false, context)
            let count = range.count
            if count <= FilePump.piece {
                var buffer = context.channel.allocator.buffer(capacity: count)
                let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                    file.readCached(into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]), at: range.lowerBound) ?? 0
                }
                if read == count {
                    writeData(buffer, isLast: true, context)
                    finish(context)
                    return
                }
            }
            pump(.file(file), range, context)
        case .held(let text, let range):
            write(headers, isLast: false, context)
            pump(.memory(text), range, context)
        }
    }

    private func pump(_ source: PumpSource, _ range: Range<Int64>, _ context: ChannelHandlerContext) {
        let pump = FilePump(source, range, to: self, loop: loop, allocator: context.channel.allocator)
        state = .sending(pump)
        pump.resume()
    }

    private func write(_ headers: HPACKHeaders, isLast: Bool, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers, endStream: isLast))), promise: nil)
    }

    private func writeData(_ bytes: ByteBuffer, isLast: Bool, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(bytes), endStream: isLast))), promise: nil)
    }

    /// The answer has been handed over.
    private func finish(_ context: ChannelHandlerContext) {
        state = .done
        context.flush()
        stopClient()
    }

    /// Tells a client that has its answer and goes on sending a body that nobody takes to stop.
    private func stopClient() {
        guard let context, case .done = state, !requestIsComplete, dropped > Self.mostDropped else { return }
        requestIsComplete = true
        context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: nil)
    }

    // MARK: FileSink

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ piece: ByteBuffer, isLast: Bool) {
        guard let context, case .sending = state else { return }
        connection.noteProgress()
        writeData(piece, isLast: isLast, context)
        if isLast { finish(context) }
    }

    func flush() { context?.flush() }

    func fail(_ error: any Error) {
        loop.logger.error("response_broken", metadata: ["reason": "\(error)"])
        guard let context else { return }
        state = .done
        context.writeAndFlush(wrapOutboundOut(.rstStream(.internalError)), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .sending(let pump) = state { pump.resumeSoon() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.logger.debug("stream_error", metadata: ["reason": "\(error)"])
        context.close(promise: nil)
    }
}
