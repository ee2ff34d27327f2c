import Hummingbird

/// Whether the server is well, its description, and loading its certificates again.
struct SystemRoutes: Sendable {
    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/livez", .open) { _ in .json(["status": "ok"]) },
            Route(.get, "/readyz", .open) { _ in try ready() },
            Route(.get, "/openapi.yaml", .open) { _ in
                .bytes(PackageResources.openapi_yaml, type: "application/yaml; charset=utf-8")
            },
            Route(.post, "/v1/reload", .scope(.devicesWrite)) { _ in
                try await services.reload()
                return .noContent
            },
        ]
    }

    private func ready() throws(Problem) -> Response {
        guard services.isReady() else {
            throw Problem(.serviceUnavailable, "not-ready", "the server is starting or stopping; ask again in a moment")
        }
        return .json(["status": "ok"])
    }
}
