import NIOCore
import NIOHTTP2
import NIOPosix
import NIOSSL

/// Opens mutual-TLS connections that are ready for requests.
struct TLSConnector: Sendable {
    let address: SocketAddress
    let serverName: String
    let version: HTTPVersion
    let streams: Int

    /// Connects, shakes hands and checks the negotiated protocol. To be called on the event loop, where the client then lives.
    ///
    /// - Parameter source: the local address to connect from; nil leaves it to the kernel.
    func connect(
        on eventLoop: any EventLoop,
        context: NIOSSLContext,
        source: SocketAddress? = nil
    ) -> EventLoopFuture<NIOLoopBound<any LoadClient>> {
        let negotiated = eventLoop.makePromise(of: Void.self)
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(.seconds(20))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try self.addHandlers(to: channel.pipeline.syncOperations, context: context, negotiated: negotiated)
                }
            }
        if let source { bootstrap = bootstrap.bind(to: source) }
        return bootstrap.connect(to: address).flatMapErrorThrowing { error in
            negotiated.fail(error)
            throw error
        }.flatMap { channel in
            negotiated.futureResult.flatMapThrowing {
                let pipeline = channel.pipeline.syncOperations
                let client: any LoadClient =
                    switch version {
                    case .http1: try pipeline.handler(type: HTTP1Client.self)
                    case .http2: try pipeline.handler(type: HTTP2Client.self)
                    }
                return NIOLoopBound(client, eventLoop: eventLoop)
            }
        }
    }

    private func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations,
        context: NIOSSLContext,
        negotiated: EventLoopPromise<Void>
    ) throws {
        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: serverName))
        try pipeline.addHandler(NegotiationHandler(expected: version.applicationProtocol, promise: negotiated))
        switch version {
        case .http1:
            try pipeline.addHandler(HTTP1Client())
        case .http2:
            try pipeline.addHandler(HTTP2Client.makeFrameHandler())
            try pipeline.addHandler(HTTP2Client(streams: streams))
        }
    }
}
