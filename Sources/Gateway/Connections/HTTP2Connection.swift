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
        if isEnding, streams == 0 { end() }
    }

    /// A stream sent or received something.
    func noteProgress() { deadline = loop.loop.now + loop.limits.stallTime }

    func expire() { context?.close(promise: nil) }

    func drain() {
        guard let context, !isEnding else { return }
        isEnding = true
        if streams == 0 { end() } else { context.writeAndFlush(wrapOutboundOut(Self.goAway), promise: nil) }
    }

    private static let goAway = HTTP2Frame(
        streamID: .rootStream, payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))

    /// Closes once the peer has all that was written: closing at once would cut off what a slow reader has not taken yet.
    private func end() {
        guard let context else { return }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(Self.goAway), promise: sent)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.logger.debug("connection_error", metadata: ["reason": "\(error)"])
        context.close(promise: nil)
    }
}
