import Fleet
import Hummingbird
import UpdateTree

/// Updates: looking at them and removing them. They come in by ``UploadRoutes`` or `otaserve updates import`.
struct UpdateRoutes: Sendable {
    private struct List: Encodable {
        let updates: [UpdateDocument]
        let nextCursor: Nullable<String>
        let warning: Nullable<String>
    }

    private static let warning =
        "serve: any: this server serves updates that were not checked; serve only updates whose origin you trust"

    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/v1/updates", .scope(.updatesRead)) { call in try await list(call) },
            Route(.get, "/v1/updates/{channel}/{tag}/{name}", .scope(.updatesRead)) { call in
                let key = try call.update()
                return .json(document(try services.library.update(key), assigned: services.registry.countAssigned(to: key)))
            },
            Route(.delete, "/v1/updates/{channel}/{tag}/{name}", .scope(.updatesWrite)) { call in
                try delete(try call.update())
            },
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor()
        let keys = try services.library.catalogue.keys().filter { key in
            guard let after else { return true }
            return after.utf8.lexicographicallyPrecedes(key.path.utf8)
        }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let page = keys.prefix(limit)
        let assigned = Self.assignedDevices(in: services.registry.directory)
        // One that was removed since the keys were read is left out.
        let updates = page.compactMap { try? services.library.update($0) }
        return .json(
            List(
                updates: updates.map { document($0, assigned: assigned[$0.key] ?? 0) },
                nextCursor: Nullable(keys.count > limit ? page.last.map { Cursor(after: $0.path).text } : nil),
                warning: Nullable(services.servesUnverified ? Self.warning : nil)))
    }

    private func document(_ update: Update, assigned: Int) -> UpdateDocument {
        UpdateDocument(update, assignedDevices: assigned)
    }

    /// All counts in one pass: a pass per update would be devices times updates.
    private static func assignedDevices(in directory: DeviceDirectory) -> [UpdateKey: Int] {
        var counts: [UpdateKey: Int] = [:]
        for entry in directory.all {
            let state = entry.state
            guard !state.isDeleted,
                case .update(let key) = Resolution(channel: state.channel, tag: state.tag, assigned: state.updateName)
            else { continue }
            counts[key, default: 0] += 1
        }
        return counts
    }

    private func delete(_ key: UpdateKey) throws -> Response {
        guard services.library.catalogue.contains(key) else {
            throw UpdateTreeError(.updateUnknown, "there is no update \(key); see the list of updates")
        }
        let assigned = services.registry.countAssigned(to: key)
        guard assigned == 0 else {
            let devices = assigned == 1 ? "1 device is" : "\(assigned) devices are"
            throw UpdateTreeError(
                .updateAssigned, "\(devices) assigned to \(key); give them another update with a rollout first")
        }
        try services.library.delete(key)
        return .noContent
    }
}

extension Call {
    /// The update that the path names.
    func update() throws -> UpdateKey {
        UpdateKey(
            channel: try Channel(parameter("channel")), tag: try Tag(parameter("tag")),
            name: try UpdateName(parameter("name")))
    }
}
