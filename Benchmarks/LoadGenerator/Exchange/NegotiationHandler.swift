import NIOCore
import NIOTLS

/// Waits for the end of the TLS handshake, checks the protocol that was negotiated, and steps out of the pipeline.
final class NegotiationHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let expected: String
    private let promise: EventLoopPromise<Void>

    init(expected: String, promise: EventLoopPromise<Void>) {
        self.expected = expected
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        // A server without ALPN speaks HTTP/1.1.
        if (negotiated ?? HTTPVersion.http1.applicationProtocol) == expected {
            context.fireUserInboundEventTriggered(event)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            promise.succeed()
        } else {
            promise.fail(LoadError(code: .wrongProtocol, message: "the server chose \(negotiated ?? "nothing"), not \(expected)"))
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(LoadError(code: .connectionClosed, message: "the connection ended during the handshake"))
        context.fireChannelInactive()
    }
}
