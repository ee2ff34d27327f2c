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
        /// Has a head; what is to be done with the rest of the request is not known yet.
        case deciding
        case collecting(BodyCollector)
        /// The request is complete or its rest does not matter; the answer is being made.
        case answering
        case sending(FilePump)
        case closed
    }

    private let loop: LoopContext
    private let responder: any Answering
    private var state = State.idle
    private var context: ChannelHandlerContext?
    /// Parts that came while an answer was being made.
    private var waiting: [HTTPServerRequestPart] = []
    private var readIsHeld = false
    private var keepsAlive = true
    /// The request asks for the head of the answer alone.
    private var isHead = false
    private var isReading = false
    /// Nothing can be decoded behind what was read so far.
    private var malformed: Problem?
    private var mustFlush = false
    /// The end of the current request has not come yet.
    private var requestIsOpen = false

    private(set) var deadline: NIODeadline

    init(loop: LoopContext, responder: any Answering) {
        self.loop = loop
        self.responder = responder
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
        // After the last answer what still comes is read and dropped: closing over unread bytes would reset the
        // connection, and the peer would lose the answer.
        case .idle, .collecting, .closed: context.read()
        // Who sends the next request before this one is answered waits in the socket, not in memory.
        case .deciding, .answering, .sending: readIsHeld = true
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
        case .deciding: waiting.append(part)
        case .answering, .sending:
            guard requestIsOpen, waiting.isEmpty else {
                waiting.append(part)
                return
            }
            // The rest of a request that is being answered without it.
            if case .end = part { requestIsOpen = false }
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
        keepsAlive = Self.keepsAlive(head.version, request)
        isHead = request.method == .head
        deadline = loop.loop.now + loop.limits.stallTime
        requestIsOpen = true
        state = .deciding
        if request.isAmbiguous || request.asksForUpgrade {
            // Two lengths or hosts: what one reader takes for a body another takes for a request. Behind an upgrade
            // the decoder reads no further.
            send(refusing(.lengthInvalid))
            return
        }
        perform(responder.answer(request), request)
    }

    private static func keepsAlive(_ version: HTTPVersion, _ request: RequestHead) -> Bool {
        let isPersistent = version.major > 1 || version.minor >= 1
        guard request.connection != nil else { return isPersistent }
        if request.hasConnectionOption("close") { return false }
        return isPersistent || request.hasConnectionOption("keep-alive")
    }

    private func perform(_ action: Action, _ request: RequestHead) {
        switch action {
        case .respond(var response):
            // Whoever waits for "100 Continue" may never send the body: what follows cannot be told from it.
            if request.expectsContinue { response.closes = true }
            send(response)
        case .later(let action):
            action.assumeIsolated().whenComplete { result in
                switch result {
                case .success(let action): self.perform(action, request)
                case .failure(let error): self.send(self.refusing(Problem(error)))
                }
                self.goOn()
            }
        case .collect(let limit, let budget, let then): collect(limit: limit, budget: budget ?? loop.bodies, then: then, request)
        }
    }

    private func collect(
        limit: Int, budget: BodyBudget, then: @escaping @Sendable (ByteBuffer) -> EventLoopFuture<Response>, _ request: RequestHead
    ) {
        if let length = request.contentLength, length > limit || length < 0 {
            send(refusing(.contentTooLarge))
            return
        }
        let body = BodyCollector(limit: limit, budget: budget, then: then)
        if request.expectsContinue { write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"), mustFlushNow: true) }
        state = .collecting(body)
        drainWaiting()
        refuseMalformed()
        if case .collecting = state { releaseRead() }
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
        deadline = loop.loop.now + loop.limits.stallTime
        // The answer to HEAD tells the length that the body would have, and has none.
        switch isHead ? .none : response.body {
        case .none: writeLast(head(of: response, roomFor: 0, context))
        case .bytes(let bytes):
            var buffer = head(of: response, roomFor: bytes.readableBytes, context)
            buffer.writeImmutableBuffer(bytes)
            writeLast(buffer)
        case .file(let file, let range): send(file, range, of: response, context)
        case .held(let text, let range): pump(.memory(text), range, of: response, context)
        }
    }

    /// The head, in a buffer that has room for `count` bytes of content: one buffer, one record, one write.
    private func head(of response: Response, roomFor count: Int, _ context: ChannelHandlerContext) -> ByteBuffer {
        let end = loop.headEnd(keepsAlive: keepsAlive, at: response.second)
        let start = response.head.http1
        var buffer = context.channel.allocator.buffer(capacity: start.readableBytes + end.readableBytes + count)
        buffer.writeImmutableBuffer(start)
        buffer.writeImmutableBuffer(end)
        return buffer
    }

    private func send(_ file: Descriptor, _ range: Range<Int64>, of response: Response, _ context: ChannelHandlerContext) {
        let count = range.count
        if count <= FilePump.piece {
            var buffer = head(of: response, roomFor: count, context)
            let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                file.readCached(into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]), at: range.lowerBound) ?? 0
            }
            if read == count {
                writeLast(buffer)
                return
            }
        }
        pump(.file(file), range, of: response, context)
    }

    private func pump(_ source: PumpSource, _ range: Range<Int64>, of response: Response, _ context: ChannelHandlerContext) {
        write(head(of: response, roomFor: 0, context))
        let pump = FilePump(source, range, to: self, loop: loop, allocator: context.channel.allocator)
        state = .sending(pump)
        pump.resume()
    }

    private func write(_ buffer: ByteBuffer, mustFlushNow: Bool = false) {
        guard let context else { return }
        context.write(wrapOutboundOut(buffer), promise: nil)
        if isReading, !mustFlushNow { mustFlush = true } else { context.flush() }
    }

    /// Writes the end of an answer. Then the next request may come, or the connection ends once the peer has all of it:
    /// closing at once would cut off what a slow reader has not taken yet.
    private func writeLast(_ buffer: ByteBuffer) {
        guard let context else { return }
        guard !keepsAlive else {
            write(buffer)
            state = .idle
            deadline = loop.loop.now + loop.limits.idleTime
            return
        }
        state = .closed
        waiting.removeAll()
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: sent)
        releaseRead()
    }

    /// After an answer that was not made in the turn of its request.
    private func goOn() {
        drainWaiting()
        refuseMalformed()
        if case .idle = state { releaseRead() }
    }

    private func drainWaiting() {
        while let part = waiting.first {
            switch state {
            case .idle, .collecting:
                waiting.removeFirst()
                take(part)
            case .deciding, .answering, .sending, .closed: return
            }
        }
    }

    private func releaseRead() {
        guard readIsHeld else { return }
        readIsHeld = false
        context?.read()
    }

    // MARK: FileSink

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ piece: ByteBuffer, isLast: Bool) {
        guard let context, case .sending = state else { return }
        deadline = loop.loop.now + loop.limits.stallTime
        guard isLast else {
            context.write(wrapOutboundOut(piece), promise: nil)
            return
        }
        writeLast(piece)
        loop.loop.assumeIsolated().execute { self.goOn() }
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
        guard let error = error as? HTTPParserError else {
            loop.logger.debug("connection_error", metadata: ["reason": "\(error)"])
            context.close(promise: nil)
            return
        }
        malformed = error == .headerOverflow ? .headTooLarge : .lengthInvalid
        refuseMalformed()
    }

    /// Answers what could not be decoded; what came before it is answered first.
    private func refuseMalformed() {
        guard let malformed else { return }
        switch state {
        case .idle: isHead = false
        case .collecting(let body): body.release()
        case .deciding, .answering, .sending, .closed: return
        }
        send(refusing(malformed))
    }
}
