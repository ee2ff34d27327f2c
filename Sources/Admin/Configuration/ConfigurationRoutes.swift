import DeviceAuth
import Fleet
import Hummingbird

/// Configuration files of the fleet, of groups and of devices: what devices get, who changed it, and the way back.
struct ConfigurationRoutes: Sendable {
    private struct NewFile: Decodable {
        let file: ConfigurationFileDocument
        let reason: String

        private enum Member: CodingKey { case reason }

        init(from decoder: any Decoder) throws {
            file = try ConfigurationFileDocument(from: decoder)
            reason = try decoder.container(keyedBy: Member.self).decode(String.self, forKey: .reason)
        }
    }

    private struct NewFiles: Decodable {
        let files: [String: ConfigurationFileDocument]
        let reason: String
    }

    private struct Rollback: Decodable {
        let version: Int
        let reason: String
    }

    private struct History: Encodable {
        let versions: [ConfigurationVersionDocument]
        let nextCursor: Nullable<String>
    }

    /// Where a place is in the API.
    private struct Root {
        let template: String
        let place: @Sendable (Call) throws -> ConfigurationPlace
    }

    let services: AdminServices
    private var configurations: Configurations { services.configurations }

    /// Bytes of a body with one file, and with all files of a place: their values, with what JSON escapes.
    private static let mostBytesOfFile = 1 << 20
    private static let mostBytesOfPlace = 2 << 20

    private static let roots = [
        Root(template: "/v1/config/fleet") { _ in .fleet },
        Root(template: "/v1/config/groups/{group}") { call in .group(try GroupName(call.parameter("group"))) },
        Root(template: "/v1/config/devices/{uuid}") { call in .device(try call.device()) },
    ]

    var all: [Route] {
        Self.roots.flatMap { looking($0) + changing($0) } + [
            Route(.get, "/v1/devices/{uuid}/config", .scope(.configRead)) { call in try await effective(call.device()) }
        ]
    }

    private func looking(_ root: Root) -> [Route] {
        let (template, place) = (root.template, root.place)
        return [
            Route(.get, template, .scope(.configRead)) { call in try await show(place(call)) },
            Route(.get, "\(template)/files/{name}", .scope(.configRead)) { call in
                try await show(ConfigurationFileName(call.parameter("name")), at: place(call))
            },
            Route(.get, "\(template)/history", .scope(.configRead)) { call in try await history(place(call), call) },
            Route(.get, "\(template)/history/{version}", .scope(.configRead)) { call in
                try await show(version: call.version(), at: place(call))
            },
        ]
    }

    private func changing(_ root: Root) -> [Route] {
        let (template, place) = (root.template, root.place)
        return [
            Route(.put, template, .scope(.configWrite)) { call in try await replaceAll(place(call), call) },
            Route(.delete, template, .scope(.configWrite)) { call in
                try await change(place(call), .replaceAll(ConfigurationFiles()), because: call.reason(), call)
            },
            Route(.put, "\(template)/files/{name}", .scope(.configWrite)) { call in
                try await set(ConfigurationFileName(call.parameter("name")), at: place(call), call)
            },
            Route(.delete, "\(template)/files/{name}", .scope(.configWrite)) { call in
                let name = try ConfigurationFileName(call.parameter("name"))
                return try await change(place(call), .remove(name), because: call.reason(), call)
            },
            Route(.post, "\(template)/rollback", .scope(.configWrite)) { call in try await rollBack(place(call), call) },
        ]
    }

    // MARK: Looking

    private func show(_ place: ConfigurationPlace) async throws -> Response {
        .json(ConfigurationPlaceDocument(try await stored { try await configurations.current(place) }))
    }

    private func show(_ name: ConfigurationFileName, at place: ConfigurationPlace) async throws -> Response {
        let version = try await stored { try await configurations.current(place) }
        guard let file = version?.files[name] else { throw ConfigurationChange.unknown(name) }
        return .json(ConfigurationPlaceDocument.File(name, file))
    }

    private func show(version number: Int, at place: ConfigurationPlace) async throws -> Response {
        .json(ConfigurationPlaceDocument(try await stored { try configurations.version(number, of: place) }))
    }

    private func history(_ place: ConfigurationPlace, _ call: Call) async throws -> Response {
        let limit = try call.limit(default: 50)
        let before = try call.cursor().map { last in
            guard let number = Int(last) else { throw Cursor.invalid }
            return number
        }
        let versions = try await stored { try configurations.history(of: place, before: before, limit: limit + 1) }
        let page = versions.prefix(limit)
        let next = versions.count > limit ? page.last.map { Cursor(after: String($0.number)).text } : nil
        return .json(History(versions: page.map(ConfigurationVersionDocument.init), nextCursor: Nullable(next)))
    }

    private func effective(_ id: DeviceID) async throws -> Response {
        let effective = try await stored { try await configurations.effective(for: id) }
        return .json(EffectiveConfigurationDocument(effective, of: try services.registry.entry(id).state))
    }

    // MARK: Changing

    private func set(_ name: ConfigurationFileName, at place: ConfigurationPlace, _ call: Call) async throws -> Response {
        let body = try await call.body(NewFile.self, limit: Self.mostBytesOfFile)
        return try await change(place, .set(name, body.file.file()), because: ConfigurationReason(body.reason), call)
    }

    private func replaceAll(_ place: ConfigurationPlace, _ call: Call) async throws -> Response {
        let body = try await call.body(NewFiles.self, limit: Self.mostBytesOfPlace)
        var files: [ConfigurationFileName: ConfigurationFile] = [:]
        for (name, file) in body.files { files[try ConfigurationFileName(name)] = try file.file() }
        return try await change(
            place, .replaceAll(ConfigurationFiles(files)), because: ConfigurationReason(body.reason), call)
    }

    private func rollBack(_ place: ConfigurationPlace, _ call: Call) async throws -> Response {
        let body = try await call.body(Rollback.self)
        let reason = try ConfigurationReason(body.reason)
        let author = call.principal.actor.description
        let version = try await stored {
            try await configurations.rollBack(place, to: body.version, by: author, because: reason)
        }
        return .json(ConfigurationVersionDocument(version))
    }

    private func change(
        _ place: ConfigurationPlace, _ change: ConfigurationChange, because reason: ConfigurationReason, _ call: Call
    ) async throws -> Response {
        let author = call.principal.actor.description
        let version = try await stored { try await configurations.change(place, change, by: author, because: reason) }
        return .json(ConfigurationVersionDocument(version))
    }
}

extension Call {
    /// Why something is removed: a DELETE has no body, so the query says it.
    fileprivate func reason() throws -> ConfigurationReason {
        guard let text = query("reason") else { throw FleetError(.configurationInvalid, "say why: add ?reason=… to the path") }
        return try ConfigurationReason(text)
    }

    fileprivate func version() throws -> Int {
        let text = try parameter("version")
        guard let number = Int(text), number > 0 else {
            throw FleetError(.configurationInvalid, "a version is a number from 1 on; see the history of this place")
        }
        return number
    }
}
