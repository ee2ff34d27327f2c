import Hummingbird

/// The whole API as one router; the listeners and the tests build it here.
struct AdminRouter {
    let access: AccessControl
    let routes: [Route]
    private let audit: AuditRecording

    init(services: AdminServices, access: AccessControl) {
        self.access = access
        audit = AuditRecording(trail: services.audit, now: services.now)
        routes =
            SystemRoutes(services: services).all + DeviceRoutes(services: services).all
            + DeviceListRoutes(services: services).all
            + DeviceAttributeRoutes(services: services).all + ExplanationRoute(services: services).all
            + BulkRoutes(services: services).all
            + RegistrationRoutes(services: services).all + EnrolmentRoutes(services: services).all
            + DeviceFileRoutes(services: services).all + UpdateRoutes(services: services).all + UploadRoutes(services: services).all
            + ConfigurationRoutes(services: services).all
            + ModelRoutes(services: services).all + DeviceSnapRoutes(services: services).all + SnapOrderRoutes(services: services).all
            + ExpiryRoutes(services: services).all
            + SiteRoutes(services: services).all
            + RolloutRoutes(services: services).all + SimulationRoute(services: services).all
            + RolloutTailRoute(services: services).all
            + FleetTailRoutes(services: services).all
            + TokenRoutes(services: services).all
    }

    func build() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: RequestLog())
        router.add(middleware: ProblemAnswers(routes: routes))
        for route in routes {
            for path in route.paths {
                router.on(RouterPath(path), method: route.method) { [access, audit] request, context in
                    let principal = try await access.check(request.headers, for: route.access)
                    let call = Call(request, template: route.template, principal: principal)
                    let response = try await route.answer(call)
                    await audit.record(call, of: route, response, logger: context.logger)
                    return response
                }
            }
        }
        return router
    }
}
