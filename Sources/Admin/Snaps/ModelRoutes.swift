import DeviceAuth
import Fleet
import Hummingbird
import Snaps

/// Models: what they require, which devices are of them, and who lacks what.
struct ModelRoutes: Sendable {
    private struct List: Encodable {
        let models: [ModelDocument]
        let nextCursor: Nullable<String>
    }

    private struct Required: Encodable {
        /// Sorted; what callers of old read.
        let snaps: [String]
        /// In the order in which devices are told.
        let requirements: [RequirementDocument]
    }

    private struct Devices: Encodable {
        let devices: [SnapDeviceDocument]
        let nextCursor: Nullable<String>
    }

    let services: AdminServices
    private var snaps: RequiredSnaps { services.snaps }

    var all: [Route] {
        [
            Route(.get, "/v1/models", .scope(.devicesRead)) { call in try list(call) },
            Route(.get, "/v1/models/{model}/status", .scope(.devicesRead)) { call in try status(call) },
            Route(.get, "/v1/models/{model}/devices", .scope(.devicesRead)) { call in try devices(call) },
            Route(.get, "/v1/models/{model}/required", .scope(.devicesRead)) { call in try await required(call) },
            Route(.post, "/v1/models/{model}/required", .scope(.devicesWrite)) { call in try await require(call) },
            Route(.delete, "/v1/models/{model}/required", .scope(.devicesWrite)) { call in try await unrequire(call) },
        ]
    }

    // MARK: Looking

    private func list(_ call: Call) throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor()
        let rest = snaps.models().filter { model in after.map { $0 < model.name.text } ?? true }
        let page = rest.prefix(limit)
        let next = rest.count > limit ? page.last.map { Cursor(after: $0.name.text).text } : nil
        return .json(List(models: page.map(ModelDocument.init), nextCursor: Nullable(next)))
    }

    private func status(_ call: Call) throws -> Response {
        let status = try snaps.status(of: call.model(), after: call.lastDevice(), limit: call.limit(default: 100))
        return .json(ModelStatusDocument(status))
    }

    private func devices(_ call: Call) throws -> Response {
        let (page, hasMore) = try snaps.devices(of: call.model(), after: call.lastDevice(), limit: call.limit(default: 100))
        let next = hasMore ? page.last.map { Cursor(after: $0.device.text).text } : nil
        return .json(Devices(devices: page.map(SnapDeviceDocument.init), nextCursor: Nullable(next)))
    }

    private func required(_ call: Call) async throws -> Response {
        let model = try call.model()
        try await call.optionalBody(ModelRequest.self)?.check(model)
        let requirements = try snaps.requirements(of: model)
        return .json(
            Required(
                snaps: requirements.map(\.snap.text).sorted(),
                requirements: requirements.map { RequirementDocument($0, of: model) }))
    }

    // MARK: Changing

    private func require(_ call: Call) async throws -> Response {
        let model = try call.model()
        let request = try await call.body(RequirementRequest.self)
        try request.check(model)
        call.auditNote.name("\(model)/\(request.name)")
        // A model that nobody knows is made with its first requirement.
        let before = try? snaps.requirements(of: model).first { $0.snap == request.name }
        let requirement = try request.requirement(before)
        guard requirement != before else {
            call.auditNote.suppress()
            return .json(RequirementDocument(requirement, of: model))
        }
        let isNew = try await stored { try await snaps.require(requirement, of: model) }
        return .json(RequirementDocument(requirement, of: model), status: isNew ? .created : .ok)
    }

    private func unrequire(_ call: Call) async throws -> Response {
        let model = try call.model()
        let request = try await call.body(RequirementRequest.self)
        try request.check(model)
        call.auditNote.name("\(model)/\(request.name)")
        try await stored { try await snaps.unrequire(request.name, of: model) }
        return .noContent
    }
}

extension Call {
    /// The model that the path names.
    fileprivate func model() throws -> ModelName { try ModelName(try parameter("model")) }

    /// The last device of the page before.
    fileprivate func lastDevice() throws -> DeviceID? {
        try cursor().map { last in
            guard let id = try? DeviceID(last) else { throw Cursor.invalid }
            return id
        }
    }
}
