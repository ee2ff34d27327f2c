/// Remembers what an `Idempotency-Key` led to, so that a request that is sent again makes no second one.
///
/// It lives in memory, bounded: it holds for 24 hours, until a restart, or until 4096 newer keys came.
actor IdempotencyMemory<Request: Equatable & Sendable, Made: Sendable> {
    private struct Entry {
        let request: Request
        let answer: Task<Made, any Error>
        let since: Int64
    }

    private static var mostKeys: Int { 4096 }
    private static var lifetime: Int64 { 86_400 }

    private let now: @Sendable () -> Int64
    private var entries: [IdempotencyKey: Entry] = [:]
    /// Oldest first.
    private var order: [IdempotencyKey] = []

    init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// The first answer to this key, or the one that `make` gives. What fails is not remembered.
    func answer(
        _ key: IdempotencyKey, _ request: Request, make: @escaping @Sendable () async throws -> Made
    ) async throws -> Made {
        forgetOld()
        if let entry = entries[key] {
            guard entry.request == request else {
                throw Problem(
                    .unprocessableContent, "idempotency-key-reused",
                    "this Idempotency-Key was sent before with another body; use a new key for a new request")
            }
            return try await entry.answer.value
        }
        let answer = Task { try await make() }
        entries[key] = Entry(request: request, answer: answer, since: now())
        order.append(key)
        do {
            return try await answer.value
        } catch {
            entries[key] = nil
            order.removeAll { $0 == key }
            throw error
        }
    }

    private func forgetOld() {
        let moment = now()
        while let oldest = order.first, let entry = entries[oldest],
            order.count >= Self.mostKeys || moment - entry.since >= Self.lifetime
        {
            entries[oldest] = nil
            order.removeFirst()
        }
    }
}
