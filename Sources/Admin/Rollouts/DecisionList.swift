import Fleet

/// Why a rollout did what it did, oldest first.
struct DecisionList: Encodable, Sendable {
    struct Entry: Encodable, Sendable {
        let at: Timestamp
        let what: String
        let because: String

        init(_ note: RolloutNote) {
            at = Timestamp(note.at)
            what = note.what
            because = note.because
        }
    }

    let decisions: [Entry]
}

/// The body of `PUT /v1/rollouts/{id}/pause`.
struct PauseRequest: Decodable, Sendable {
    let reason: String?
}
