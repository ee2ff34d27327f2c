import NIOCore

/// HTTP/1.1 with keep-alive: writes encoded requests, one under way at a time.
final class HTTP1Client: ChannelInboundHandler, LoadClient {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var context: ChannelHandlerContext?
    private var parser = HTTP1ResponseParser()
    private var unread: ByteBuffer?
    private var workload: Workload?
    private var request: HTTPRequest?
    private var sent = NIODeadline.now()
    private var status = 0
    private var bodyBytes = 0

    var channel: (any Channel)? { context?.channel }
    let lanes = 1

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func run(_ workload: Workload) {
        self.workload = workload
        sendNext()
        context?.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if var kept = unread {
            kept.writeBuffer(&buffer)
            buffer = kept
            unread = nil
        }
        do {
            while let output = try parser.next(from: &buffer) { handle(output) }
        } catch {
            fail("malformed response")
            context.close(promise: nil)
            return
        }
        if buffer.readableBytes > 0 { unread = buffer }
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    func channelInactive(context: ChannelHandlerContext) {
        if parser.endsWithConnection, request != nil { handle(.end) }
        fail("connection closed by the server")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("connection failed: \(type(of: error))")
        context.close(promise: nil)
    }

    private func handle(_ output: HTTP1ResponseParser.Output) {
        switch output {
        case .head(let status):
            self.status = status
            bodyBytes = 0
        case .body(let part):
            bodyBytes += part.readableBytes
        case .end:
            guard let request else { return }
            self.request = nil
            workload?.recordResponse(to: request, status: status, bodyBytes: bodyBytes, sent: sent)
            sendNext()
        }
    }

    private func sendNext() {
        guard let workload else { return }
        guard let context, context.channel.isActive, let next = workload.take() else {
            self.workload = nil
            workload.laneEnded()
            return
        }
        request = next
        sent = .now()
        context.write(wrapOutboundOut(next.http1), promise: nil)
    }

    private func fail(_ reason: String) {
        guard let workload else { return }
        self.workload = nil
        if request != nil { workload.recordFailure(reason) }
        request = nil
        workload.laneEnded()
    }
}
