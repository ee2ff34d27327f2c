import Fleet
import HTTPTypes

/// Where a tail begins: the byte behind the last event that the listener has. It is the event's id.
struct EventOffset: Equatable, Sendable {
    let bytes: Int64

    private static let invalid = Problem(
        .badRequest, "last-event-id-invalid",
        "the last event id is none of this rollout; leave it out to hear every event from the first")

    /// From the header `Last-Event-ID`, or else from `lastEventID` in the query; absent, or empty, is the beginning.
    init(of call: Call) throws(Problem) {
        try self.init(call.request.headers[.lastEventID] ?? call.query("lastEventID") ?? "")
    }

    init(_ text: String, invalid: Problem = Self.invalid) throws(Problem) {
        guard !text.isEmpty else {
            bytes = 0
            return
        }
        // The one spelling that the server sends: no sign, no leading zero.
        guard let offset = Int64(text), offset >= 0, String(offset) == text else { throw invalid }
        bytes = offset
    }

    /// Throws unless a line of the rollout's events ends here: from elsewhere the listener would get half a line, or
    /// wait for ever.
    func check(against rollouts: RolloutOperations, _ id: RolloutID) throws {
        guard bytes > 0 else { return }
        guard try rollouts.lines(of: id, from: bytes - 1, limit: 1).lines.first?.next == bytes else { throw Self.invalid }
    }
}

extension HTTPField.Name {
    static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .eTag
}
