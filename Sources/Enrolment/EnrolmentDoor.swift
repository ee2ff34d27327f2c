import Fleet
import NIOCore

/// Closes a connection of whoever has too many, and one whose first request has no complete head in time, handshake included.
final class EnrolmentDoor: ChannelInboundHandler, RemovableChannelHandler {
    /// Behind the decoder: the first that comes through is a complete head.
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    private let connections: Shares<String>
    private let patience: TimeAmount
    private var origin: String?
    private var deadline: Scheduled<Void>?

    init(connections: Shares<String>, patience: TimeAmount) {
        self.connections = connections
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { enter(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        enter(context)
        context.fireChannelActive()
    }

    private func enter(_ context: ChannelHandlerContext) {
        guard origin == nil else { return }
        let origin = EnrolmentContext.origin(of: context.channel.remoteAddress)
        guard connections.take(origin) else {
            context.close(promise: nil)
            return
        }
        self.origin = origin
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        deadline?.cancel()
        deadline = nil
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    private func leave() {
        deadline?.cancel()
        deadline = nil
        if let origin { connections.give(origin) }
        origin = nil
    }
}
