import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A small HTTPS server that answers as a test wants: slow, cut, wrong, without end.
///
/// It asks for no certificate: that a real one does is tested against the real one.
final class UpstreamStub: Sendable {
    struct Request: Sendable {
        /// Without the query.
        let path: String
        /// Where the range begins; nil when none was asked for.
        let from: Int?
        let ifRange: String?
        /// How often this path was asked for before.
        let before: Int
    }

    struct Reply: Sendable {
        var status = HTTPResponseStatus.ok
        var fields: [(String, String)] = []
        var body: [UInt8] = []
        /// What stands in Content-Length; nil sends chunks.
        var announced: Int?
        var ending = Ending.orderly
    }

    enum Ending: Sendable {
        case orderly
        /// The connection ends behind the body, whatever was announced.
        case cut
        /// The connection stays and nothing more comes.
        case silence
        /// The body again and again.
        case endless
        /// A byte now and then for ever.
        case drip
    }

    typealias Answer = @Sendable (Request) -> Reply

    private let channel: any Channel
    private let log: Log

    final class Log: Sendable {
        private let requests = Mutex<[Request]>([])
        var all: [Request] { requests.withLock { $0 } }

        func add(path: String, from: Int?, ifRange: String?) -> Request {
            requests.withLock { requests in
                let request = Request(path: path, from: from, ifRange: ifRange, before: requests.count { $0.path == path })
                requests.append(request)
                return request
            }
        }
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var requests: [Request] { log.all }

    init(certificate: String, key: String, answer: @escaping Answer) async throws {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        let context = try NIOSSLContext(configuration: tls)
        let log = Log()
        self.log = log
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(StubHandler(log: log, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func close() async { try? await channel.close() }
}

private final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: UpstreamStub.Log
    private let answer: UpstreamStub.Answer
    private var isOpen = true

    init(log: UpstreamStub.Log, answer: @escaping UpstreamStub.Answer) {
        self.log = log
        self.answer = answer
    }

    func channelInactive(context: ChannelHandlerContext) { isOpen = false }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let from = head.headers.first(name: "Range").flatMap { Int($0.dropFirst("bytes=".count).dropLast()) }
        let request = log.add(path: head.uri, from: from, ifRange: head.headers.first(name: "If-Range"))
        let reply = answer(request)
        var fields = HTTPHeaders(reply.fields)
        if let announced = reply.announced { fields.add(name: "Content-Length", value: "\(announced)") }
        let response = HTTPResponseHead(version: .http1_1, status: reply.status, headers: fields)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        send(reply.body, context)
        switch reply.ending {
        case .orderly: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut:
            context.flush()
            // Behind what was written.
            context.close(promise: nil)
        case .silence: context.flush()
        case .endless: repeatBody(reply.body, context, after: .zero)
        case .drip: repeatBody([1], context, after: .milliseconds(5))
        }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        guard !bytes.isEmpty else { return }
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
    }

    private func repeatBody(_ bytes: [UInt8], _ context: ChannelHandlerContext, after pause: TimeAmount) {
        let loop = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes))))).whenSuccess {
            let (handler, context) = loop.value
            context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
                guard handler.isOpen else { return }
                handler.repeatBody(bytes, context, after: pause)
            }
        }
    }
}
