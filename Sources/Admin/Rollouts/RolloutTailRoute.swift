import Fleet
import Hummingbird

/// `GET /v1/rollouts/{id}/tail`: a rollout's events as they come, as server-sent events.
struct RolloutTailRoute: Sendable {
    let services: AdminServices

    var all: [Route] {
        [Route(.get, "/v1/rollouts/{id}/tail", .scope(.rolloutsRead)) { call in try await tail(call) }]
    }

    private func tail(_ call: Call) async throws -> Response {
        let id = try call.rollout()
        let rollouts = services.rollouts
        // Everything that can be refused is refused before the stream begins.
        let offset = try EventOffset(of: call)
        try await stored {
            _ = try await rollouts.show(id)
            try offset.check(against: rollouts, id)
        }
        let place = try services.tailPlaces.take()
        // Listening begins before the first reading: what comes in between is not missed.
        let listening = rollouts.board.feed.listen(to: id)
        return Tail(source: RolloutTail(rollouts: rollouts, id: id), position: offset.bytes, isKnown: true, listening: listening)
            .response(to: call.request, in: place)
    }
}
