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

    private static let patience = TimeAmount.seconds(20)

    /// Connects, shakes hands and checks the negotiated protocol. To be called on the event loop, where the client then lives.
    ///
    /// - Parameter source: the local address to connect from; nil leaves it to the kernel.
    func connect(
        on eventLoop: any EventLoop,
        context: NIOSSLContext,
        source: SocketAddress? = nil
    ) -> EventLoopFuture<NIOLoopBound<any LoadClient>> {
        let negotiated = eventLoop.makePromise(of: Void.self)
        let patience = eventLoop.scheduleTask(in: Self.patience) {
            negotiated.fail(LoadError(code: .cannotConnect, message: "no end of the handshake after 20 seconds"))
        }
        negotiated.futureResult.whenComplete { _ in patience.cancel() }
        var bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(Self.patience)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            // Downloads fill large reads, so that the server never waits for a slow reader; idle connections stay with the small beginning.
            .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 4096, maximum: 1 << 20))
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
