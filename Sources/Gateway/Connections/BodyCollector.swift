import NIOCore

/// Gathers the body of one request within its route's limit and the loop's budget.
final class BodyCollector {
    private let limit: Int
    private let loop: LoopContext
    private let then: @Sendable (ByteBuffer) -> EventLoopFuture<Response>
    private var body = ByteBuffer()
    private var held = 0

    init(limit: Int, loop: LoopContext, then: @escaping @Sendable (ByteBuffer) -> EventLoopFuture<Response>) {
        self.limit = limit
        self.loop = loop
        self.then = then
    }

    /// Takes a piece in; a problem when it is one too many.
    func take(_ piece: ByteBuffer) -> Problem? {
        guard body.readableBytes + piece.readableBytes <= limit else { return .contentTooLarge }
        guard loop.bodyBytes + piece.readableBytes <= loop.limits.bodyBytes else { return .busy }
        held += piece.readableBytes
        loop.bodyBytes += piece.readableBytes
        body.writeImmutableBuffer(piece)
        return nil
    }

    /// The whole body goes to its handler; its bytes count until the answer is there.
    func finish() -> EventLoopFuture<Response> {
        let response = then(body)
        let loop = loop
        let count = held
        held = 0
        response.whenComplete { _ in loop.bodyBytes -= count }
        return response
    }

    /// The request ended early.
    func release() {
        loop.bodyBytes -= held
        held = 0
    }
}
