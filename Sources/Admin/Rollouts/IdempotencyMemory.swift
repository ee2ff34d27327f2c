import Fleet
import HTTPTypes

/// Remembers which rollout an `Idempotency-Key` led to, so that a request that is sent again makes no second one.
///
/// It lives in memory, bounded: it holds for 24 hours, until a restart, or until ``mostKeys`` newer keys came.
actor IdempotencyMemory {
    struct Key: Hashable, Sendable {
        /// A key is its caller's own: nobody else's request is answered with it.
        let principal: Principal
        let text: String
    }

    private struct Entry {
        let request: NewRollout
        let answer: Task<Rollout, any Error>
        let since: Int64
    }

    static let mostKeys = 4096
    static let lifetime: Int64 = 86_400

    private let now: @Sendable () -> Int64
    private var entries: [Key: Entry] = [:]
    /// Oldest first.
    private var order: [Key] = []

    init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// The first answer to this key, or the one that `make` gives. What fails is not remembered.
    func answer(
        _ key: Key, _ request: NewRollout, make: @escaping @Sendable () async throws -> Rollout
    ) async throws -> Rollout {
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

extension IdempotencyMemory.Key {
    /// Nil when the request carries no key.
    init?(of call: Call) throws(Problem) {
        guard let text = call.request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Problem(
                .badRequest, "idempotency-key-invalid", "an Idempotency-Key has 1 to 255 printable ASCII characters")
        }
        self.init(principal: call.principal, text: text)
    }
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .eTag
}
