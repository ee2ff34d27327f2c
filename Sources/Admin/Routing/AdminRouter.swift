import Hummingbird

/// The whole API as one router; the listeners and the tests build it here.
struct AdminRouter {
    let access: AccessControl
    let routes: [Route]

    init(services: AdminServices, access: AccessControl) {
        self.access = access
        routes =
            SystemRoutes(services: services).all + DeviceRoutes(services: services).all
            + DeviceFileRoutes(services: services).all + UpdateRoutes(services: services).all + UploadRoutes(services: services).all + ExpiryRoutes(services: services).all
            + RolloutRoutes(services: services).all + RolloutTailRoute(services: services).all
            + TokenRoutes(services: services).all
    }

    func build() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: RequestLog())
        router.add(middleware: ProblemAnswers(routes: routes))
        for route in routes {
            for path in route.paths {
                router.on(RouterPath(path), method: route.method) { [access] request, _ in
                    let principal = try await access.check(request.headers, for: route.access)
                    return try await route.answer(Call(request, template: route.template, principal: principal))
                }
            }
        }
        return router
    }
}
