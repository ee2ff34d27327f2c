import NIOCore
import NIOHPACK
import NIOHTTP2

/// HTTP/2 on bare frames: `lanes` streams under way at a time, no channel per stream.
///
/// Flow-control windows are opened as wide as the protocol allows, so that the measurement is of the server's work and not of waiting for updates.
final class HTTP2Client: ChannelInboundHandler, LoadClient {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// RFC 9113 §6.9.1: the largest flow-control window.
    static let largestWindow = Int(Int32.max)
    /// RFC 9113 §6.9.2: what a connection begins with.
    private static let initialWindow = 65_535
    private static let settings = [
        HTTP2Setting(parameter: .enablePush, value: 0),
        HTTP2Setting(parameter: .initialWindowSize, value: largestWindow),
        HTTP2Setting(parameter: .maxHeaderListSize, value: 16_384),
    ]

    private struct Exchange {
        var request: HTTPRequest
        var sent: NIODeadline
        var status = 0
        var bodyBytes = 0
    }

    let lanes: Int
    private var context: ChannelHandlerContext?
    private var workload: Workload?
    private var exchanges: [HTTP2StreamID: Exchange] = [:]
    private var nextStream = 1
    private var unacknowledgedBytes = 0
    private var hasOpenedWindow = false

    var channel: (any Channel)? { context?.channel }

    init(streams: Int) { lanes = streams }

    /// The handler that does frames, HPACK and the state machine beneath this one.
    static func makeFrameHandler() -> NIOHTTP2Handler {
        NIOHTTP2Handler(mode: .client, initialSettings: settings)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func run(_ workload: Workload) {
        self.workload = workload
        if !hasOpenedWindow {
            hasOpenedWindow = true
            updateWindow(by: Self.largestWindow - Self.initialWindow)
        }
        for _ in 0..<lanes { sendNext(workload) }
        context?.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let headers):
            guard exchanges[frame.streamID] != nil else { return }
            if let status = headers.headers.first(name: ":status").flatMap({ Int($0) }), status >= 200 {
                exchanges[frame.streamID]?.status = status
            }
            if headers.endStream { complete(frame.streamID) }
        case .data(let data):
            exchanges[frame.streamID]?.bodyBytes += data.data.readableBytes
            unacknowledgedBytes += data.data.readableBytes + (data.paddingBytes.map { $0 + 1 } ?? 0)
            if unacknowledgedBytes > Self.largestWindow / 4 {
                updateWindow(by: unacknowledgedBytes)
                unacknowledgedBytes = 0
            }
            if data.endStream { complete(frame.streamID) }
        case .rstStream(let code):
            guard exchanges.removeValue(forKey: frame.streamID) != nil, let workload else { return }
            workload.recordFailure("stream reset: \(code)")
            sendNext(workload)
        case .goAway:
            fail("connection closed by the server")
            context.close(promise: nil)
        default:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    func channelInactive(context: ChannelHandlerContext) {
        fail("connection closed by the server")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("connection failed: \(type(of: error))")
        context.close(promise: nil)
    }

    private func complete(_ stream: HTTP2StreamID) {
        guard let exchange = exchanges.removeValue(forKey: stream), let workload else { return }
        workload.recordResponse(to: exchange.request, status: exchange.status, bodyBytes: exchange.bodyBytes, sent: exchange.sent)
        sendNext(workload)
    }

    private func sendNext(_ workload: Workload) {
        guard let context, context.channel.isActive, let request = workload.take() else {
            workload.laneEnded()
            return
        }
        let stream = HTTP2StreamID(nextStream)
        nextStream += 2
        exchanges[stream] = Exchange(request: request, sent: .now())
        let headers = HTTP2Frame.FramePayload.Headers(headers: request.http2Headers, endStream: request.http2Body == nil)
        context.write(wrapOutboundOut(HTTP2Frame(streamID: stream, payload: .headers(headers))), promise: nil)
        if let body = request.http2Body {
            let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(body), endStream: true)
            context.write(wrapOutboundOut(HTTP2Frame(streamID: stream, payload: .data(data))), promise: nil)
        }
    }

    private func updateWindow(by bytes: Int) {
        guard let context else { return }
        context.write(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: .windowUpdate(windowSizeIncrement: bytes))), promise: nil)
    }

    private func fail(_ reason: String) {
        guard let workload else { return }
        self.workload = nil
        let lost = exchanges.count
        exchanges.removeAll()
        // A lane without an exchange has already reported its end.
        for _ in 0..<lost {
            workload.recordFailure(reason)
            workload.laneEnded()
        }
    }
}
