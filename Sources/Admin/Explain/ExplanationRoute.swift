import DeviceAuth
import Fleet
import Hummingbird
import UpdateTree

/// `GET /v1/devices/{uuid}/explain`.
struct ExplanationRoute: Sendable {
    let services: AdminServices

    var all: [Route] {
        [Route(.get, "/v1/devices/{uuid}/explain", .scope(.devicesRead)) { call in try await explain(call.device()) }]
    }

    private func explain(_ id: DeviceID) async throws -> Response {
        let (library, served) = (services.library, services.served)
        let situation = try await stored {
            try await services.rollouts.situation(of: id) { library.serving(of: $0, by: served) }
        }
        let explanation = Explanation(situation)
        return .json(ExplanationDocument(explanation, targets: try await targets(explanation)))
    }

    /// What the device would be sent; nil when it would be refused, or the update has no such file.
    private func targets(_ explanation: Explanation) async throws -> ServedTargets? {
        guard explanation.refusal == nil, let update = explanation.update else { return nil }
        return try await stored { try services.library.servedTargets(of: update) }
    }
}
