import FileTree
import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection: one request at a time, in order. The decoder is NIO's; what is sent is encoded here.
final class HTTP1Connection: ChannelDuplexHandler, SweptConnection, FileSink {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Waits for the head of a request.
        case idle
        case collecting(BodyCollector)
        /// The request is complete or its rest does not matter; the answer is being made.
        case answering
        case sending(FilePump)
        case closed
    }

    private let loop: LoopContext
    private let responder: Responder
    private var state = State.idle
    private var context: ChannelHandlerContext?
    /// Parts that came while an answer was being made.
    private var waiting = CircularBuffer<HTTPServerRequestPart>()
    private var readIsHeld = false
    private var keepsAlive = true
    private var isReading = false
    private var mustFlush = false
    /// The end of the current request has not come yet.
    private var requestIsOpen = false

    private(set) var deadline: NIODeadline

    init(loop: LoopContext, session: DeviceSession) {
        self.loop = loop
        responder = Responder(loop: loop, session: session)
        deadline = loop.loop.now + loop.limits.requestTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    private func finish() {
        if case .collecting(let body) = state { body.release() }
        state = .closed
        waiting.removeAll()
        loop.remove(self)
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        switch state {
        case .idle, .collecting: context.read()
        // Who sends the next request before this one is answered waits in the socket, not in memory.
        case .answering, .sending, .closed: readIsHeld = true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        take(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if mustFlush {
            mustFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch state {
        case .closed: return
        case .answering, .sending:
            if requestIsOpen, case .end = part { requestIsOpen = false } else if requestIsOpen, case .body = part { return }
            else { waiting.append(part) }
        case .idle:
            guard case .head(let head) = part else { return }
            begin(head)
        case .collecting(let body):
            switch part {
            case .body(let piece):
                deadline = loop.loop.now + loop.limits.requestTime
                if let problem = body.take(piece) {
                    body.release()
                    var response = problem.response
                    response.closes = true
                    send(response)
                }
            case .end:
                requestIsOpen = false
                state = .answering
                answer(body.finish())
            case .head: return
            }
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        let request = RequestHead(head)
        keepsAlive = Self.keepsAlive(head.version, request.connection)
        deadline = loop.loop.now + loop.limits.stallTime
        requestIsOpen = true
        state = .answering
        if request.hasChunkedBody, request.contentLength != nil {
            // Two lengths in one request: what one reader takes for a body another takes for a request.
            send(refusing(.lengthInvalid))
            return
        }
        perform(responder.answer(request), request)
    }

    private static func keepsAlive(_ version: HTTPVersion, _ connection: String?) -> Bool {
        let isPersistent = version.major > 1 || version.minor >= 1
        guard let connection else { return isPersistent }
        if RequestHead.same(connection, "close") { return false }
        return isPersistent || RequestHead.same(connection, "keep-alive")
    }

    private func perform(_ action: Action, _ request: RequestHead) {
        switch action {
        case .respond(let response): send(response)
        case .later(let action):
            action.assumeIsolated().whenComplete { result in
                switch result {
                case .success(let action): self.perform(action, request)
                case .failure(let error): self.send(self.refusing(Problem(error)))
                }
                self.goOn()
            }
        case .collect(let limit, let then): collect(limit: limit, then: then, request)
        }
    }

    private func collect(
        limit: Int, then: @escaping @Sendable (ByteBuffer) -> EventLoopFuture<Response>, _ request: RequestHead
    ) {
        if let length = request.contentLength, length > limit || length < 0 {
            send(refusing(.contentTooLarge))
            return
        }
        let body = BodyCollector(limit: limit, loop: loop, then: then)
        if request.expectsContinue { write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"), mustFlushNow: true) }
        state = .collecting(body)
        releaseRead()
        drainWaiting()
    }

    private func refusing(_ problem: Problem) -> Response {
        var response = problem.response
        response.closes = true
        return response
    }

    private func answer(_ response: EventLoopFuture<Response>) {
        response.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let response): self.send(response)
            case .failure(let error): self.send(Problem(error).response)
            }
            self.goOn()
        }
    }

    // MARK: Sending

    private func send(_ response: Response) {
        guard let context else { return }
        if case .closed = state { return }
        // The rest of an unread body would be taken for the next request.
        if response.closes || loop.isDraining { keepsAlive = false }
        var head = context.channel.allocator.buffer(capacity: 512)
        head.writeImmutableBuffer(response.head.http1)
        head.writeString("date: ")
        head.writeString(loop.date)
        head.writeString(keepsAlive ? "\r\n\r\n" : "\r\nconnection: close\r\n\r\n")
        deadline = loop.loop.now + loop.limits.stallTime
        switch response.body {
        case .none:
            write(head)
            complete()
        case .bytes(let bytes):
            head.writeImmutableBuffer(bytes)
            write(head)
            complete()
        case .file(let file, let range): send(file, range, after: head, context)
        }
    }

    private func send(_ file: Descriptor, _ range: Range<Int64>, after head: ByteBuffer, _ context: ChannelHandlerContext) {
        let count = range.count
        if count <= FilePump.piece {
            // Head and content in one buffer, one record, one write.
            var buffer = context.channel.allocator.buffer(capacity: head.readableBytes + count)
            buffer.writeImmutableBuffer(head)
            let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                file.readCached(into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]), at: range.lowerBound) ?? 0
            }
            if read == count {
                write(buffer)
                complete()
                return
            }
        }
        write(head)
        let pump = FilePump(file, range, to: self, loop: loop, allocator: context.channel.allocator)
        state = .sending(pump)
        pump.resume()
    }

    private func write(_ buffer: ByteBuffer, mustFlushNow: Bool = false) {
        guard let context else { return }
        context.write(wrapOutboundOut(buffer), promise: nil)
        if isReading, !mustFlushNow { mustFlush = true } else { context.flush() }
    }

    /// The answer has been handed over; the next request may come.
    private func complete() {
        guard keepsAlive else {
            close()
            return
        }
        if requestIsOpen, !waiting.isEmpty, case .end = waiting[waiting.startIndex] {
            waiting.removeFirst()
            requestIsOpen = false
        }
        state = .idle
        deadline = loop.loop.now + loop.limits.idleTime
    }

    /// After an answer that was not made in the turn of its request.
    private func goOn() {
        drainWaiting()
        if case .idle = state { releaseRead() }
    }

    private func drainWaiting() {
        while let part = waiting.first {
            switch state {
            case .idle, .collecting:
                waiting.removeFirst()
                take(part)
            case .answering, .sending, .closed: return
            }
        }
    }

    private func releaseRead() {
        guard readIsHeld else { return }
        readIsHeld = false
        context?.read()
    }

    private func close() {
        guard let context else { return }
        state = .closed
        context.flush()
        context.close(promise: nil)
    }

    // MARK: FileSink

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ piece: ByteBuffer, isLast: Bool) {
        guard let context, case .sending = state else { return }
        deadline = loop.loop.now + loop.limits.stallTime
        context.write(wrapOutboundOut(piece), promise: nil)
        if isLast {
            complete()
            loop.loop.assumeIsolated().execute { self.goOn() }
        }
    }

    func flush() { context?.flush() }

    func fail(_ error: any Error) {
        loop.logger.error("response_broken", metadata: ["reason": "\(error)"])
        context?.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .sending(let pump) = state { pump.resume() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Ends

    func expire() {
        guard let context else { return }
        state = .closed
        context.close(promise: nil)
    }

    func drain() {
        if case .idle = state { expire() } else { keepsAlive = false }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError, case .idle = state {
            keepsAlive = false
            send(refusing(.lengthInvalid))
            return
        }
        loop.logger.debug("connection_error", metadata: ["reason": "\(error)"])
        context.close(promise: nil)
    }
}
