import DeviceAuth
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL
import NIOTLS

/// Stands behind the TLS handler until the handshake is over: learns who is there, then makes way for HTTP.
final class ConnectionGate: ChannelInboundHandler, RemovableChannelHandler, SweptConnection {
    typealias InboundIn = ByteBuffer

    private let loop: LoopContext
    private let handshake: HandshakeIdentity
    private var context: ChannelHandlerContext?
    let deadline: NIODeadline

    init(loop: LoopContext, handshake: HandshakeIdentity) {
        self.loop = loop
        self.handshake = handshake
        deadline = loop.loop.now + loop.limits.handshakeTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.remove(self)
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        do {
            try install(negotiated, context)
        } catch {
            loop.logger.error("connection_setup_failed", metadata: ["reason": "\(error)"])
            context.close(promise: nil)
        }
    }

    private func install(_ negotiated: String?, _ context: ChannelHandlerContext) throws {
        let responder = makeResponder(context)
        let pipeline = context.pipeline.syncOperations
        if negotiated == "h2" {
            let connection = HTTP2Connection(loop: loop)
            try installHTTP2(connection, responder, context)
            try pipeline.addHandler(connection)
        } else {
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            decoderLimits.maxHeaderListSize = loop.limits.headerBytes
            decoderLimits.maxHeaderFieldSize = loop.limits.headerBytes
            decoderLimits.maxHeaderFieldCount = 100
            try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoderLimits)))
            try pipeline.addHandler(HTTP1Connection(loop: loop, responder: responder))
        }
        pipeline.removeHandler(context: context, promise: nil)
    }

    private func installHTTP2(
        _ connection: HTTP2Connection, _ responder: any Answering, _ context: ChannelHandlerContext
    ) throws {
        var settings = NIOHTTP2Handler.ConnectionConfiguration()
        settings.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: loop.limits.streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: loop.limits.headerBytes),
        ]
        var streams = NIOHTTP2Handler.StreamConfiguration()
        streams.outboundBufferSizeHighWatermark = 2 * FilePump.piece
        streams.outboundBufferSizeLowWatermark = FilePump.piece
        let loop = loop
        let boundConnection = NIOLoopBound(connection, eventLoop: loop.loop)
        _ = try context.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: settings, streamConfiguration: streams
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    HTTP2Stream(loop: loop, connection: boundConnection.value, responder: responder))
            }
        }
    }

    /// Who is at the other end. A resumed session brings its certificate along without the handshake's check.
    private func makeResponder(_ context: ChannelHandlerContext) -> any Answering {
        if let leaf = handshake.leaf {
            // The trust it was judged by, not today's: what was reloaded since must judge it again.
            return responder(to: leaf, handshake.identity, handshake.trustGeneration)
        }
        guard let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate(),
            let leaf = try? certificate.toDERBytes()
        else { return responder(to: nil, nil, loop.trustGeneration) }
        let peer = loop.identify(leaf)
        return responder(to: leaf, peer, loop.trustGeneration)
    }

    /// A device or a site: a certificate never turns from one into the other, so the connection never does.
    private func responder(
        to leaf: [UInt8]?, _ peer: Result<PeerIdentity, CertificateRefusal>?, _ trustGeneration: UInt64
    ) -> any Answering {
        if let leaf, case .success(.site(let site))? = peer {
            return SiteResponder(
                loop: loop, session: SiteSession(leaf: leaf, identity: site, trustGeneration: trustGeneration))
        }
        let device = peer.map { $0.flatMap(DeviceSession.device) }
        return Responder(
            loop: loop, session: DeviceSession(leaf: leaf, identity: device, trustGeneration: trustGeneration))
    }

    func expire() { context?.close(promise: nil) }

    func drain() { expire() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .handshakeFailed(.sslError)? = error as? NIOSSLError {
            // `certificate_refused` has said it already when there is an identity.
            if handshake.identity == nil { loop.logger.info("handshake_failed", metadata: ["reason": "\(error)"]) }
        } else {
            // Devices open bare connections and drop them every few seconds: that is no news.
            loop.logger.debug("handshake_ended", metadata: ["reason": "\(error)"])
        }
        context.close(promise: nil)
    }
}

/// What the certificate check of one handshake found. Carries it from the TLS handler to the gate behind it.
// Unchecked: written and read on the connection's event loop only.
final class HandshakeIdentity: @unchecked Sendable {
    private(set) var leaf: [UInt8]?
    private(set) var identity: Result<PeerIdentity, CertificateRefusal>?
    /// Which trust judged it.
    private(set) var trustGeneration: UInt64 = 0

    /// Judges the chain that the client presented. The answer of the TLS library's own check is not asked for.
    func verify(_ chain: [NIOSSLCertificate], _ loop: LoopContext) -> NIOSSLVerificationResult {
        guard let leaf = try? chain.first?.toDERBytes() else { return .failed }
        let identity = loop.identify(leaf)
        self.leaf = leaf
        self.identity = identity
        trustGeneration = loop.trustGeneration
        if case .failure(let refusal) = identity {
            loop.logger.info(
                "certificate_refused", metadata: ["slug": "\(refusal.code.rawValue)", "reason": "\(refusal.message)"])
            return .failed
        }
        return .certificateVerified
    }
}
