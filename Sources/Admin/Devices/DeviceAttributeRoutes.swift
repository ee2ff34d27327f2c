import DeviceAuth
import Fleet
import Hummingbird

/// What operators note about devices, and what devices tell of their updates.
struct DeviceAttributeRoutes: Sendable {
    private struct Groups: Encodable {
        struct Group: Encodable {
            let name: String
            let devices: Int
        }

        let groups: [Group]
        let nextCursor: Nullable<String>
    }

    private struct Updates: Encodable {
        let updates: [UpdateAttemptDocument]
    }

    let services: AdminServices

    var all: [Route] {
        [
            Route(.patch, "/v1/devices/{uuid}", .scope(.devicesWrite)) { call in try await change(call) },
            Route(.get, "/v1/devices/{uuid}/updates", .scope(.devicesRead)) { call in try await updates(of: call.device()) },
            Route(.get, "/v1/groups", .scope(.devicesRead)) { call in try groups(call) },
        ]
    }

    private func change(_ call: Call) async throws -> Response {
        let id = try call.device()
        let change = try await call.body(AttributeRequest.self).change
        try await stored { try await services.registry.change([id], change) }
        return .json(DeviceDocument(DeviceFacts(try services.registry.entry(id)), now: services.now()))
    }

    private func updates(of id: DeviceID) async throws -> Response {
        _ = try services.registry.entry(id)
        let kept = try await stored { try await services.history.events(of: id) }
        return .json(Updates(updates: kept.reversed().map { UpdateAttemptDocument(UpdateAttempt($0)) }))
    }

    private func groups(_ call: Call) throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor()
        let rest = services.registry.directory.groups().filter { group in after.map { $0 < group.name.text } ?? true }
        let page = rest.prefix(limit)
        let next = rest.count > limit ? page.last.map { Cursor(after: $0.name.text).text } : nil
        return .json(
            Groups(groups: page.map { Groups.Group(name: $0.name.text, devices: $0.devices) }, nextCursor: Nullable(next)))
    }
}
