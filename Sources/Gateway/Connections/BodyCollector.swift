import NIOCore

/// Gathers the body of one request within its route's limit and the loop's budget.
final class BodyCollector {
    private let limit: Int
    private let budget: BodyBudget
    private let then: @Sendable (ByteBuffer) -> EventLoopFuture<Response>
    private var body = ByteBuffer()
    private var held = 0

    init(limit: Int, budget: BodyBudget, then: @escaping @Sendable (ByteBuffer) -> EventLoopFuture<Response>) {
        self.limit = limit
        self.budget = budget
        self.then = then
    }

    /// Takes a piece in; a problem when it is one too many.
    func take(_ piece: ByteBuffer) -> Problem? {
        guard body.readableBytes + piece.readableBytes <= limit else { return .contentTooLarge }
        guard budget.take(piece.readableBytes) else { return .busy }
        held += piece.readableBytes
        body.writeImmutableBuffer(piece)
        return nil
    }

    /// The whole body goes to its handler; its bytes count until the answer is there.
    func finish() -> EventLoopFuture<Response> {
        let response = then(body)
        let budget = budget
        let count = held
        held = 0
        response.whenComplete { _ in budget.give(count) }
        return response
    }

    /// The request ended early.
    func release() {
        budget.give(held)
        held = 0
    }
}
