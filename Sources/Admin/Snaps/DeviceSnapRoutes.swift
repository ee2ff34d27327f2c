import DeviceAuth
import Fleet
import Hummingbird
import Snaps

/// One device's snaps and its model.
struct DeviceSnapRoutes: Sendable {
    private struct ModelBody: Decodable {
        let model: ModelName
    }

    /// The status, and beside it the last list as the device published it.
    private struct Detail: Encodable {
        private enum Member: CodingKey {
            case list
        }

        private struct List: Encodable {
            let receivedAt: Timestamp
            let snaps: [ListedSnap]
        }

        let status: SnapDeviceDocument
        let list: StoredSnapList?

        func encode(to encoder: any Encoder) throws {
            try status.encode(to: encoder)
            var container = encoder.container(keyedBy: Member.self)
            let document = list.map { List(receivedAt: Timestamp($0.receivedAt), snaps: $0.list.snaps.sorted { $0.name < $1.name }) }
            try container.encode(Nullable(document), forKey: .list)
        }
    }

    let services: AdminServices
    private var snaps: RequiredSnaps { services.snaps }

    var all: [Route] {
        [
            Route(.get, "/v1/devices/{uuid}/snaps", .scope(.devicesRead)) { call in try await show(call.device()) },
            Route(.put, "/v1/devices/{uuid}/model", .scope(.devicesWrite)) { call in try await setModel(call) },
            Route(.delete, "/v1/devices/{uuid}/model", .scope(.devicesWrite)) { call in
                let id = try call.device()
                try await stored { try await snaps.setModel(nil, of: id) }
                return .noContent
            },
        ]
    }

    private func show(_ id: DeviceID) async throws -> Response {
        let list = try await stored { try await snaps.list(of: id) }
        return .json(Detail(status: SnapDeviceDocument(try snaps.status(of: id)), list: list))
    }

    private func setModel(_ call: Call) async throws -> Response {
        let id = try call.device()
        let model = try await call.body(ModelBody.self).model
        call.auditNote.name("\(id) \(model)")
        try await stored { try await snaps.setModel(model, of: id) }
        return .json(SnapDeviceDocument(try snaps.status(of: id)))
    }
}
