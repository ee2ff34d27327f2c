import Fleet
import HTTPTypes
import Hummingbird
import Logging

/// `GET /v1/rollouts/{id}/tail`: a rollout's events as they come, as server-sent events.
struct RolloutTailRoute: Sendable {
    private let rollouts: RolloutOperations

    init(services: AdminServices) { rollouts = services.rollouts }

    var all: [Route] {
        [Route(.get, "/v1/rollouts/{id}/tail", .scope(.rolloutsRead)) { call in try await tail(call) }]
    }

    private func tail(_ call: Call) async throws -> Response {
        let id = try call.rollout()
        // Everything that can be refused is refused before the stream begins.
        let offset = try EventOffset(of: call)
        try await stored {
            _ = try await rollouts.show(id)
            try offset.check(against: rollouts, id)
        }
        // Listening begins before the first reading: what comes in between is not missed.
        guard let growth = rollouts.board.feed.listen(to: id) else {
            throw Problem(
                .serviceUnavailable, "too-many-listeners", "\(RolloutFeed.mostListeners) listeners are connected; try again later",
                headers: [.retryAfter: "10"])
        }
        let tail = RolloutTail(rollouts: rollouts, id: id, offset: offset.bytes, growth: growth)
        let request = call.request
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store",
                // Proxies would hold events back to fill their buffers.
                .xAccelBuffering: "no",
            ],
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in try await tail.write(to: writer) }
                try await writer.finish(nil)
            })
    }
}

extension HTTPField.Name {
    static let xAccelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .vary
}
