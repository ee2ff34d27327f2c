import NIOCore

/// One listener to a rollout's stream, over plain HTTP/1.1: asks once, then reports every event to the probe.
final class EventStreamListener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: ByteBuffer
    private let probe: DelayProbe
    private let listening: EventLoopPromise<Void>
    private var responses = HTTP1ResponseParser()
    private var events = ServerSentEventParser()
    private var unread = ByteBuffer()
    /// The last sending that this listener has received, so that one is never counted twice.
    private var lastReceived = -1

    init(path: String, authority: String, token: String, probe: DelayProbe, listening: EventLoopPromise<Void>) {
        request = ByteBuffer(
            string: "GET \(path) HTTP/1.1\r\nHost: \(authority)\r\nAuthorization: Bearer \(token)\r\nAccept: text/event-stream\r\n\r\n"
        )
        self.probe = probe
        self.listening = listening
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        unread.writeBuffer(&buffer)
        do {
            while let output = try responses.next(from: &unread) {
                switch output {
                case .head(200): listening.succeed()
                case .head(let status):
                    throw LoadError(code: .malformedResponse, message: "the event stream was answered with status \(status)")
                case .body(let part):
                    for event in events.consume(part.readableBytesView) { lastReceived = probe.received(event, after: lastReceived) }
                case .end: context.close(promise: nil)
                }
            }
            unread.discardReadBytes()
        } catch {
            errorCaught(context: context, error: error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        listening.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        listening.fail(LoadError(code: .connectionClosed, message: "the event stream ended before it began"))
        context.fireChannelInactive()
    }
}
