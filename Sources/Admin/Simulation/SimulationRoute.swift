import DeviceAuth
import Fleet
import Hummingbird
import UpdateTree

/// `POST /v1/rollouts/simulate`: what a rollout would do, without making it.
struct SimulationRoute: Sendable {
    let services: AdminServices

    var all: [Route] {
        [Route(.post, "/v1/rollouts/simulate", .scope(.rolloutsRead)) { call in try await simulate(call) }]
    }

    private func simulate(_ call: Call) async throws -> Response {
        let body = try await call.body(NewRollout.self, limit: Call.mostBytesOfDevices)
        let outlook = try await stored { () async throws -> RolloutOutlook in
            let sizes = try ContentSizes(of: body.update, in: services.library)
            return try await services.rollouts.simulate(body.update, plan: body.plan, for: body.devices) { sizes.bytes(from: $0) }
        }
        return .json(SimulationDocument(outlook, now: services.now()))
    }
}
