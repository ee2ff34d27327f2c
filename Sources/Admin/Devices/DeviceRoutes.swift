import DeviceAuth
import Fleet
import Hummingbird
import UpdateTree

/// A device: looking at it, and what an operator decides about it.
struct DeviceRoutes: Sendable {
    private struct Counts: Encodable {
        let registered: Int
        let known: Int
    }

    let services: AdminServices
    private var registry: DeviceRegistry { services.registry }

    var all: [Route] {
        [
            Route(.post, "/v1/devices/preregister", .scope(.devicesWrite)) { call in try await preregister(call) },
            Route(.get, "/v1/devices/{uuid}", .scope(.devicesRead)) { call in try await show(call.device()) },
            Route(.delete, "/v1/devices/{uuid}", .scope(.devicesWrite)) { call in try await delete(call.device()) },
            Route(.put, "/v1/devices/{uuid}/deny", .scope(.devicesWrite)) { call in
                try await change(call.device()) { try await registry.deny($0) }
            },
            Route(.put, "/v1/devices/{uuid}/undeny", .scope(.devicesWrite)) { call in
                try await change(call.device()) { try await registry.undeny($0) }
            },
            Route(.put, "/v1/devices/{uuid}/allow-key", .scope(.devicesWrite)) { call in
                try await change(call.device()) { try await registry.allowKey($0) }
            },
        ]
    }

    private func show(_ id: DeviceID) async throws -> Response {
        let entry = try registry.entry(id)
        let (pubkey, files) = try await stored {
            (try await registry.publicKeyPEM(of: id), try await services.reports.files(of: id))
        }
        return .json(
            DeviceDetailDocument(
                device: DeviceDocument(DeviceFacts(entry), now: services.now()), pubkey: Nullable(pubkey),
                files: files.map { DeviceDetailDocument.File(name: $0.name, size: $0.size) },
                rollout: Nullable(DeviceDetailDocument.CurrentRollout(of: id, on: services.rollouts.board))))
    }

    private func change(
        _ id: DeviceID, _ operation: @Sendable (DeviceID) async throws -> Void
    ) async throws -> Response {
        try await stored { try await operation(id) }
        return .json(DeviceDocument(DeviceFacts(try registry.entry(id)), now: services.now()))
    }

    private func delete(_ id: DeviceID) async throws -> Response {
        // Asked again after a failure between the two steps, the second one is made up for.
        if registry.directory[id]?.state.isDeleted != true {
            try await stored { try await registry.delete(id) }
        }
        try await stored { try await services.reports.removeAll(of: id) }
        try await stored { try await services.configurations.forget(id) }
        try await stored { try await services.snaps.forget(id) }
        return .noContent
    }

    private func preregister(_ call: Call) async throws -> Response {
        let body = try await call.body(Preregistration.self, limit: Call.mostBytesOfDevices)
        let devices = Set(body.devices)
        let new = devices.filter { registry.directory[$0] == nil }
        try await stored {
            try await registry.preregister(Array(new), channel: Channel(isProduction: body.isProd), tag: body.tag)
        }
        return .json(Counts(registered: new.count, known: devices.count - new.count))
    }
}

extension Call {
    /// The device that the path names.
    func device() throws -> DeviceID { try DeviceID(try parameter("uuid")) }
}
