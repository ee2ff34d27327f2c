import DeviceAuth
import Fleet
import Hummingbird

/// The files that a device sent, as they are, but without secrets.
struct DeviceFileRoutes: Sendable {
    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/v1/devices/{uuid}/files/{name}", .scope(.devicesRead)) { call in
                try await content(of: call.device(), file: DeviceFileName(call.parameter("name")))
            }
        ]
    }

    private func content(of id: DeviceID, file: DeviceFileName) async throws -> Response {
        _ = try services.registry.entry(id)
        guard let bytes = try await stored({ try await services.reports.contents(of: id, file: file.text) }) else {
            throw Problem(.notFound, "file-unknown", "the device has no such file; see the device's list of files")
        }
        guard file.text == Report.aktoml.fileName else { return .bytes(bytes, type: file.mediaType) }
        let shown = Redaction.toml(String(decoding: bytes, as: UTF8.self))
        return .bytes(shown.utf8, type: file.mediaType)
    }
}
