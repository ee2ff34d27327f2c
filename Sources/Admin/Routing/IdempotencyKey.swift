import HTTPTypes

/// The header `Idempotency-Key` of a call. It is its caller's own: nobody else's request is answered with it.
struct IdempotencyKey: Hashable, Sendable {
    let principal: Principal
    let text: String

    /// Nil when the request carries no key.
    init?(of call: Call) throws(Problem) {
        guard let text = call.request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Problem(
                .badRequest, "idempotency-key-invalid", "an Idempotency-Key has 1 to 255 printable ASCII characters")
        }
        principal = call.principal
        self.text = text
    }
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .eTag
}
