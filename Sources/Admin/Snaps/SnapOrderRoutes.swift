import DeviceAuth
import Fleet
import Hummingbird
import Snaps

/// What operators order a device's agent to do.
struct SnapOrderRoutes: Sendable {
    private struct Request: Equatable, Sendable {
        let device: DeviceID
        let order: NewSnapOrder
    }

    private struct Body: Decodable {
        let action: String
        let snap: SnapName?
        let data: String?

        func order() throws(FleetError) -> NewSnapOrder {
            guard let action = SnapAction(rawValue: action) else {
                let known = SnapAction.allCases.filter(\.isForOperators).map(\.rawValue).joined(separator: ", ")
                throw FleetError(.snapOrderInvalid, "\(action.prefix(40).debugDescription) is no action; use one of \(known)")
            }
            return try NewSnapOrder(action: action, snap: snap, data: data)
        }
    }

    private struct List: Encodable {
        let orders: [SnapOrderDocument]
    }

    private let snaps: RequiredSnaps
    private let idempotency: IdempotencyMemory<Request, SnapOrder>

    init(services: AdminServices) {
        snaps = services.snaps
        idempotency = IdempotencyMemory(now: services.now)
    }

    var all: [Route] {
        let template = "/v1/devices/{uuid}/snaps/orders"
        return [
            Route(.get, template, .scope(.devicesRead)) { call in try await list(call) },
            Route(.post, template, .scope(.devicesWrite)) { call in try await order(call) },
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let id = try call.device()
        let limit = try call.limit(default: 100)
        let orders = try await stored { try await snaps.orders(of: id, limit: limit) }
        return .json(List(orders: orders.map(SnapOrderDocument.init)))
    }

    private func order(_ call: Call) async throws -> Response {
        let key = try IdempotencyKey(of: call)
        let request = Request(device: try call.device(), order: try await call.body(Body.self).order())
        // Not its data: there may be a secret in it.
        call.auditNote.name(
            ["\(request.device)", request.order.action.rawValue, request.order.snap?.text].compactMap(\.self).joined(separator: " "))
        let author = call.principal.actor.description
        let make: @Sendable () async throws -> SnapOrder = { [snaps] in
            try await stored { try await snaps.order(request.order, for: request.device, by: author) }
        }
        let order: SnapOrder
        if let key { order = try await idempotency.answer(key, request, make: make) } else { order = try await make() }
        var response = Response.json(SnapOrderDocument(order), status: .accepted)
        response.headers[.location] = "/v1/devices/\(order.device)/snaps/orders"
        return response
    }
}
