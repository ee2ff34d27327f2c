import NIOCore
import NIOHTTP2

/// Watches over one HTTP/2 connection: its idle time, its streams, its graceful end.
///
/// Sits behind the HTTP/2 handler, where frames of the connection itself can be written.
final class HTTP2Connection: ChannelInboundHandler, SweptConnection {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let loop: LoopContext
    private var context: ChannelHandlerContext?
    private var streams = 0
    private var isEnding = false
    private(set) var deadline: NIODeadline

    init(loop: LoopContext) {
        self.loop = loop
        deadline = loop.loop.now + loop.limits.requestTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.remove(self)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.remove(self)
        context.fireChannelInactive()
    }

    func streamOpened() {
        streams += 1
        noteProgress()
    }

    func streamClosed() {
        streams -= 1
        deadline = loop.loop.now + (streams == 0 ? loop.limits.idleTime : loop.limits.stallTime)
        if isEnding, streams == 0 { context?.close(promise: nil) }
    }

    /// A stream sent or received something.
    func noteProgress() { deadline = loop.loop.now + loop.limits.stallTime }

    func expire() { context?.close(promise: nil) }

    func drain() {
        guard let context, !isEnding else { return }
        isEnding = true
        let goAway = HTTP2Frame(
            streamID: .rootStream, payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
        context.writeAndFlush(wrapOutboundOut(goAway), promise: nil)
        if streams == 0 { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.logger.debug("connection_error", metadata: ["reason": "\(error)"])
        context.close(promise: nil)
    }
}
